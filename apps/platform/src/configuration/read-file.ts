/** Reads the `platform:` group of a corral.yaml. */
import { readFileSync } from 'node:fs';
import { errorCodeOf } from '@corral/primitives';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { type ConfigurationProblem, PlatformConfigurationError } from './configuration-error.js';
import type { WrittenValue } from './written-value.js';
import { settings } from './setting.js';

/** Below `platform:`, read elsewhere: its keys are names of the operator's own. */
const GATES = 'gates';

/** What a file says, before it is validated. */
export interface FileReading {
  readonly values: readonly WrittenValue[];
  readonly problems: readonly ConfigurationProblem[];
  /** The group `gates`, as plain values. */
  readonly gates: unknown;
}

interface Reader {
  readonly file: string;
  readonly lineCounter: LineCounter;
  readonly values: WrittenValue[];
  readonly problems: ConfigurationProblem[];
}

/** Reads the file; the groups beside `platform` are the coordinator's. @throws PlatformConfigurationError when it cannot be read. */
export function readPlatformFile(file: string): FileReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter, prettyErrors: false });
  const reader: Reader = { file, lineCounter, values: [], problems: [] };
  for (const error of document.errors) {
    const place = `${file}:${lineCounter.linePos(error.pos[0]).line}`;
    reader.problems.push({ place, key: '', sentence: `is not YAML: ${error.message}` });
  }
  const group: unknown = reader.problems.length === 0 ? document.get('platform', true) : undefined;
  if (isMap(group)) readGroup(group, '', reader);
  else if (reader.problems.length === 0 && !isMap(document.contents) && !isEmpty(document.contents)) {
    reader.problems.push({ place: file, key: '', sentence: 'holds no settings; allowed: a corral.yaml' });
  } else if (isScalar(group) && group.value !== null) {
    reader.problems.push({
      place: file,
      key: 'platform',
      sentence: 'is a group; allowed: settings below it, such as http',
    });
  }
  return { ...reader, gates: isMap(group) ? (group.toJSON() as Readonly<Record<string, unknown>>)[GATES] : undefined };
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a directory; allowed: a corral.yaml',
  EACCES: 'cannot be read: permission denied',
};

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const sentence = READ_FAULTS[errorCodeOf(cause) ?? ''] ?? `cannot be read: ${String(cause)}`;
    throw new PlatformConfigurationError([{ place: file, key: '', sentence }], { cause });
  }
}

function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function readGroup(map: YAMLMap, prefix: string, reader: Reader): void {
  for (const { key: name, value } of map.items) {
    const path = prefix + String(isScalar(name) ? name.value : name);
    if (path === GATES) continue;
    const key = `platform.${path}`;
    const start = isScalar(name) ? name.range?.[0] : undefined;
    const place = start === undefined ? reader.file : `${reader.file}:${reader.lineCounter.linePos(start).line}`;
    const setting = settings.find((candidate) => candidate.path === path);
    if (setting !== undefined) {
      const plain: unknown = isNode(value) ? value.toJSON() : value;
      // A key with nothing behind it is a line that a person emptied: the default holds.
      if (plain !== null) reader.values.push({ property: setting.property, value: plain, key, place });
    } else if (!isGroup(path)) {
      reader.problems.push({ place, key, sentence: `does not exist; allowed: ${allowedBelow(prefix)}` });
    } else if (isMap(value)) {
      readGroup(value, `${path}.`, reader);
    } else if (!isScalar(value) || value.value !== null) {
      reader.problems.push({ place, key, sentence: `is a group; allowed: ${allowedBelow(`${path}.`)} below it` });
    }
  }
}

function isGroup(path: string): boolean {
  return settings.some((setting) => setting.path.startsWith(`${path}.`));
}

function allowedBelow(prefix: string): string {
  const below = settings.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length));
  const words = new Set(below.map((path) => path.split('.')[0]));
  return [...words, ...(prefix === '' ? [GATES] : [])].join(', ');
}

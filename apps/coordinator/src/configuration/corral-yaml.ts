/** Reads corral.yaml, the full form of the configuration. */
import { type Document, isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { nearest } from '../text/nearest.js';
import type { ConfigurationProblem } from './configuration-error.js';
import { settingsByYamlPath } from './coordinator-settings.js';
import { type Ensemble, parseEnsembleLines } from './ensemble-lines.js';
import type { FileValue, FileValues } from './file-values.js';
import type { Property } from './properties-file.js';

/** Groups that another program reads from the same file. */
const FOREIGN_GROUPS: ReadonlySet<string> = new Set(['platform']);

/** The values and problems of a corral.yaml. A key that does not exist is a problem here: nobody else's program reads this file. */
export function readCorralYaml(file: string, text: string): FileValues {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems: ConfigurationProblem[] = document.errors.map((error) => ({
    key: '',
    line: lineCounter.linePos(error.pos[0]).line,
    sentence: `is not YAML: ${error.message}`,
  }));
  const values: FileValue[] = [];
  const lines: Property[] = [];
  if (problems.length === 0 && isMap(document.contents)) {
    readMap(document.contents, '', { document, lineCounter, values, problems, lines });
  } else if (problems.length === 0 && document.contents !== null && !isEmpty(document)) {
    problems.push({ key: '', line: 1, sentence: 'holds no settings; allowed: "key: value" lines' });
  }
  return { file, values, problems, remarks: [], ensemble: readEnsemble(lines, problems) };
}

interface Reading {
  readonly document: Document;
  readonly lineCounter: LineCounter;
  readonly values: FileValue[];
  readonly problems: ConfigurationProblem[];
  /** What stands below `members`, `groups` and `weights`, as ZooKeeper's lines. */
  readonly lines: Property[];
}

function readMap(map: YAMLMap, prefix: string, reading: Reading): void {
  for (const pair of map.items) {
    const key = prefix + keyOf(pair);
    if (FOREIGN_GROUPS.has(key)) continue;
    const line = lineOf(pair, reading.lineCounter);
    const setting = settingsByYamlPath.get(key);
    const ensembleKey = Object.hasOwn(ENSEMBLE_KEYS, key) ? ENSEMBLE_KEYS[key] : undefined;
    if (ensembleKey !== undefined) {
      readEnsembleMap(pair, ensembleKey, reading);
    } else if (setting !== undefined) {
      const value: unknown = isNode(pair.value) ? pair.value.toJS(reading.document) : undefined;
      // A key with nothing behind it is a line that a person emptied: the default holds.
      if (value !== null) {
        const typed = typeof value === 'string' ? setting.fromText(value) : value;
        reading.values.push({ property: setting.property, value: typed, key, line });
      }
    } else if (isGroup(key) && isMap(pair.value)) {
      readMap(pair.value, `${key}.`, reading);
    } else if (!isGroup(key)) {
      reading.problems.push({ key, line, sentence: `does not exist${suggestion(key)}` });
    } else if (!isScalar(pair.value) || pair.value.value !== null) {
      reading.problems.push({ key, line, sentence: `is a group; allowed: settings below it, such as ${firstOf(key)}` });
    }
  }
}

/** Maps from numbers to what ZooKeeper writes behind `server.N=`, `group.N=` and `weight.N=`. */
const ENSEMBLE_KEYS: Readonly<Record<string, string>> = { members: 'server', groups: 'group', weights: 'weight' };

function readEnsembleMap(pair: Pair, zooCfgKey: string, reading: Reading): void {
  if (isMap(pair.value)) {
    for (const entry of pair.value.items) {
      const value: unknown = isNode(entry.value) ? entry.value.toJS(reading.document) : '';
      const text = Array.isArray(value) ? value.join(':') : String(value);
      reading.lines.push({
        key: `${zooCfgKey}.${keyOf(entry)}`,
        value: text,
        line: lineOf(entry, reading.lineCounter) ?? 1,
      });
    }
  } else if (!isScalar(pair.value) || pair.value.value !== null) {
    const sentence = 'is no list of members; allowed: lines such as "1: host:2888:3888"';
    reading.problems.push({ key: keyOf(pair), line: lineOf(pair, reading.lineCounter), sentence });
  }
}

function readEnsemble(lines: readonly Property[], problems: ConfigurationProblem[]): Ensemble {
  const { ensemble, unreadable } = parseEnsembleLines(lines);
  for (const { property, allowed } of unreadable) {
    const sentence = `${JSON.stringify(property.value)}; allowed: ${allowed}`;
    problems.push({ key: property.key, line: property.line, sentence });
  }
  return ensemble;
}

function isEmpty(document: Document): boolean {
  return isScalar(document.contents) && document.contents.value === null;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function isNode(value: unknown): value is { toJS(document: Document): unknown } {
  return value !== null && typeof value === 'object' && 'toJS' in value;
}

function lineOf(pair: Pair, lineCounter: LineCounter): number | undefined {
  const start = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  return start === undefined ? undefined : lineCounter.linePos(start).line;
}

function isGroup(key: string): boolean {
  return [...settingsByYamlPath.keys()].some((path) => path.startsWith(`${key}.`));
}

function firstOf(group: string): string {
  return [...settingsByYamlPath.keys()].find((path) => path.startsWith(`${group}.`)) ?? '';
}

function suggestion(key: string): string {
  const candidate = nearest(key, [...settingsByYamlPath.keys()]);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}

/** Reads ZooKeeper's own configuration file. */
import { judgeApacheKey } from './apache-keys.js';
import type { ConfigurationProblem } from './configuration-error.js';
import { settingsByZooCfgKey } from './coordinator-settings.js';
import { type Ensemble, isEnsembleKey, parseEnsembleLines } from './ensemble-lines.js';
import type { ConfigurationRemark, FileValue, FileValues } from './file-values.js';
import { nearest } from '../text/nearest.js';
import { parseProperties, type Property } from './properties-file.js';

/** A file that is no zoo.cfg may have a thousand keys. */
const UNKNOWN_LISTED_MAX = 20;
const UNKNOWN_LENGTH_MAX = 60;

/** Reads a file that zoo.cfg names; throws when it cannot. */
export type ReadText = (path: string) => string;

/** The values, problems and remarks of a zoo.cfg. */
export function readZooCfg(file: string, text: string, readText: ReadText): FileValues {
  const problems: ConfigurationProblem[] = [];
  const values = new Map<string, FileValue>();
  const strangers: Property[] = [];
  const properties = [...lastOfEachKey(parseProperties(text)).values()];

  for (const property of properties) {
    if (isEnsembleKey(property.key) || property.key === 'dynamicConfigFile') continue;
    const setting = settingsByZooCfgKey.get(withoutPrefix(property.key));
    if (setting === undefined) {
      strangers.push(property);
      continue;
    }
    const { key, line, value } = property;
    // A key with the prefix is a system property in Apache, and the plain one is the file's own: the plain one wins.
    if (values.has(setting.property) && key !== setting.zooCfg) continue;
    values.set(setting.property, { property: setting.property, value: setting.fromText(value), key, line });
  }
  if (!values.has('dataDirectory')) {
    problems.push({ key: 'dataDir', line: undefined, sentence: 'is missing; allowed: a directory' });
  }
  const ensemble = readEnsemble({ file, properties, readText, problems });
  return {
    file,
    values: withClientPortOf(ensemble, values),
    problems,
    remarks: judgeStrangers(strangers, problems),
    ensemble,
  };
}

/** A later line of a key replaces an earlier one. */
function lastOfEachKey(properties: readonly Property[]): Map<string, Property> {
  return new Map(properties.map((property) => [property.key, property]));
}

function withoutPrefix(key: string): string {
  return key.startsWith('zookeeper.') ? key.slice('zookeeper.'.length) : key;
}

interface EnsembleSource {
  readonly file: string;
  readonly properties: readonly Property[];
  readonly readText: ReadText;
  readonly problems: ConfigurationProblem[];
}

function readEnsemble({ file, properties, readText, problems }: EnsembleSource): Ensemble {
  const dynamic = properties.find((property) => property.key === 'dynamicConfigFile');
  const own = properties.filter((property) => isEnsembleKey(property.key));
  let all = own;
  if (dynamic !== undefined) {
    try {
      const text = readText(dynamic.value);
      all = [...own, ...parseProperties(text).filter((property) => isEnsembleKey(property.key))];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push({ key: dynamic.key, line: dynamic.line, sentence: `cannot be read: ${reason}` });
    }
  }
  const { ensemble, unreadable } = parseEnsembleLines(all, versionOf(dynamic?.value));
  for (const { property, allowed } of unreadable) {
    const source = own.includes(property) ? '' : ` (in ${dynamic?.value ?? file})`;
    const line = own.includes(property) ? property.line : undefined;
    problems.push({ key: property.key, line, sentence: `${quoted(property.value)}${source}; allowed: ${allowed}` });
  }
  return ensemble;
}

/** A dynamic file that `reconfig` wrote ends with its version: `zoo.cfg.dynamic.100000000`. */
function versionOf(dynamicFile: string | undefined): number {
  const digits = /\.([0-9a-f]{1,13})$/i.exec(dynamicFile ?? '')?.[1];
  return digits === undefined ? 0 : Number.parseInt(digits, 16);
}

/** The only `server.N` line may be what tells the client port, as in a file that `reconfig` wrote. Of several, `myid` decides later. */
function withClientPortOf({ members }: Ensemble, values: ReadonlyMap<string, FileValue>): FileValue[] {
  const client = members[0]?.client;
  const all = [...values.values()];
  if (client === undefined || members.length > 1 || values.has('clientPort')) return all;
  const source = { key: `server.${members[0]?.id ?? 0}`, line: members[0]?.line };
  all.push({ property: 'clientPort', value: client.port, ...source });
  if (client.host !== undefined && !values.has('clientAddress')) {
    all.push({ property: 'clientAddress', value: client.host, ...source });
  }
  return all;
}

function judgeStrangers(properties: readonly Property[], problems: ConfigurationProblem[]): ConfigurationRemark[] {
  const remarks: ConfigurationRemark[] = [];
  const notNeeded: string[] = [];
  const unknown: string[] = [];
  for (const { key, value, line } of properties) {
    const verdict = judgeApacheKey(withoutPrefix(key));
    if (verdict.kind === 'not-needed') notNeeded.push(key);
    else if (verdict.kind === 'unknown') unknown.push(`${shown(key)} (line ${line}${alike(key)})`);
    else if (verdict.kind === 'not-served') {
      remarks.push({ level: 'warn', sentence: `${key} has no effect: ${verdict.consequence}` });
    } else if (value.toLowerCase() !== verdict.value.toLowerCase()) {
      const sentence = `${quoted(value)}; allowed: ${verdict.value}, because ${verdict.otherwise}`;
      problems.push({ key, line, sentence });
    }
  }
  if (unknown.length > 0) {
    const listed = unknown.slice(0, UNKNOWN_LISTED_MAX);
    const rest = unknown.length > listed.length ? ` and ${unknown.length - listed.length} more` : '';
    remarks.push({ level: 'warn', sentence: `unknown keys are ignored: ${listed.join(', ')}${rest}` });
  }
  if (notNeeded.length > 0) {
    remarks.push({ level: 'debug', sentence: `keys that Corral does not need: ${notNeeded.join(', ')}` });
  }
  return remarks;
}

/** A key as it may stand on a terminal. */
function shown(key: string): string {
  return key.replace(/\p{Cc}|\ufffd/gu, '?').slice(0, UNKNOWN_LENGTH_MAX);
}

/** What may have been meant by a key that nobody knows, to stand behind its line. */
function alike(key: string): string {
  const candidate = nearest(withoutPrefix(key), [...settingsByZooCfgKey.keys()]);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}

function quoted(value: string): string {
  return JSON.stringify(value);
}

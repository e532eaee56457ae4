import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { errorCodeOf } from '@corral/primitives';
import { describeError } from '../logging/line-logger.js';
import { Validator } from './class-validator-parts.js';
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.js';
import { type CoordinatorConfig, coordinatorConfigOf, problemsAmong } from './coordinator-config.js';
import { CoordinatorSettings } from './coordinator-settings.js';
import { type EnsembleConfig, ensembleConfigOf } from './ensemble-config.js';
import type { Ensemble } from './ensemble-lines.js';
import type { ConfigurationRemark, FileValue, FileValues } from './file-values.js';
import { settings } from './setting.js';
import { readZooCfg } from './zoo-cfg.js';

/** A configuration, and what the start should say about the file that it came from. */
export interface LoadedConfiguration {
  readonly config: CoordinatorConfig;
  readonly remarks: readonly ConfigurationRemark[];
}

/**
 * Reads and validates a zoo.cfg or a corral.yaml; which one it is, the ending `.yaml` or `.yml` tells. Without a file: the defaults.
 * @throws ConfigurationError that lists everything that is wrong.
 */
export async function loadConfiguration(file?: string): Promise<LoadedConfiguration> {
  if (file === undefined) return { config: coordinatorConfigOf(new CoordinatorSettings(), undefined), remarks: [] };
  const text = readConfigurationFile(file);
  return validate(isYaml(file) ? await readYaml(file, text) : readZooCfg(file, text, readUtf8));
}

function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}

async function readYaml(file: string, text: string): Promise<FileValues> {
  // The YAML parser is 25 ms of start that a zoo.cfg need not wait for.
  const { readCorralYaml } = await import('./corral-yaml.js');
  return readCorralYaml(file, text);
}

function readConfigurationFile(file: string): string {
  try {
    return readUtf8(file);
  } catch (error) {
    const sentence = describeReadError(error);
    throw new ConfigurationError(file, [{ key: '', line: undefined, sentence }], { cause: error });
  }
}

function describeReadError(error: unknown): string {
  const code = errorCodeOf(error);
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a directory; allowed: a zoo.cfg or a corral.yaml';
  if (code === 'EACCES') return 'cannot be read: permission denied';
  return `cannot be read: ${describeError(error)}`;
}

function readUtf8(file: string): string {
  return readFileSync(file, 'utf8');
}

function validate({ file, values, problems, remarks, ensemble }: FileValues): LoadedConfiguration {
  const candidate = new CoordinatorSettings();
  for (const { property, value } of values) Object.assign(candidate, { [property]: value });

  const found: ConfigurationProblem[] = [...problems];
  for (const { property, value, constraints } of new Validator().validateSync(candidate)) {
    const source = values.find((written) => written.property === property);
    const allowed = Object.values(constraints ?? {}).join(', ');
    const shown = isSecret(property) ? 'is not shown here' : describe(value);
    found.push({ key: source?.key ?? property, line: source?.line, sentence: `${shown}; allowed: ${allowed}` });
  }
  const ensembleConfig = found.length === 0 ? placeInEnsemble(candidate, ensemble, values, found) : undefined;
  const config = coordinatorConfigOf(candidate, file, ensembleConfig);
  if (found.length === 0) found.push(...problemsAmong(config));
  if (found.length > 0) {
    found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    // What would be a warning is told as well: whoever mends the file wants to open it once.
    const warnings = remarks.filter(({ level }) => level === 'warn');
    throw new ConfigurationError(file, [
      ...found,
      ...warnings.map(({ sentence }) => ({ key: '', line: undefined, sentence })),
    ]);
  }
  return { config, remarks: [...remarks, ...remarksAbout(candidate, ensembleConfig)] };
}

/** Finds out which member this is. Its line may tell where it serves clients. */
function placeInEnsemble(
  candidate: CoordinatorSettings,
  ensemble: Ensemble,
  values: readonly FileValue[],
  problems: ConfigurationProblem[],
): EnsembleConfig | undefined {
  const dataDirectory = resolve(candidate.dataDirectory ?? '.');
  const { clientPort, serverId } = candidate;
  const config = ensembleConfigOf({ ensemble, dataDirectory, clientPort, serverId }, problems);
  const client = config?.self.client;
  if (client === undefined || values.some(({ property }) => property === 'clientPort')) return config;
  candidate.clientPort = client.port;
  candidate.clientAddress ??= client.host;
  return config;
}

function remarksAbout(candidate: CoordinatorSettings, ensemble: EnsembleConfig | undefined): ConfigurationRemark[] {
  const { peerType } = candidate;
  if (ensemble === undefined || peerType === undefined || peerType === ensemble.self.role) return [];
  const line = `server.${String(ensemble.serverId)}`;
  return [
    { level: 'warn', sentence: `peerType says ${peerType}, and ${line} says ${ensemble.self.role}, which counts` },
  ];
}

function isSecret(property: string): boolean {
  return settings.some((setting) => setting.property === property && setting.secret);
}

function describe(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value.join(',')) : JSON.stringify(value);
}

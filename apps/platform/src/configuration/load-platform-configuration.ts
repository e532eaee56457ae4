/** From a file and the environment to the configuration that a platform runs with. */
import { Validator } from 'class-validator';
import { type ConfigurationProblem, PlatformConfigurationError } from './configuration-error.js';
import { type GateSpec, readGates } from './gates.js';
import { isLoopback } from './loopback.js';
import { PlatformSettings } from './platform-settings.js';
import { readEnvironment } from './read-environment.js';
import { readPlatformFile } from './read-file.js';
import { settings } from './setting.js';
import type { WrittenValue } from './written-value.js';

/** The configuration of a platform: complete, validated, frozen. */
export interface PlatformConfig extends Readonly<PlatformSettings> {
  readonly gates: ReadonlyMap<string, GateSpec>;
}

/** Where a configuration comes from. */
export interface ConfigurationSources {
  /** A corral.yaml, of which the group `platform` counts. */
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Said on the command line, above all else. */
  readonly connect?: string | undefined;
}

/** Reads and validates. @throws PlatformConfigurationError that lists everything that is wrong. */
export function loadPlatformConfiguration(sources: ConfigurationSources): PlatformConfig {
  const file =
    sources.file === undefined ? { values: [], problems: [], gates: undefined } : readPlatformFile(sources.file);
  const environment = readEnvironment(sources.environment);
  const { gates, problems: gateProblems } = readGates(file.gates, sources.file ?? 'defaults');
  const written: WrittenValue[] = [...file.values, ...environment.values];
  if (sources.connect !== undefined) {
    written.push({ property: 'connect', value: sources.connect, key: '--connect', place: 'command line' });
  }
  const candidate = new PlatformSettings();
  for (const { property, value } of written) Object.assign(candidate, { [property]: value });
  const problems = [...file.problems, ...environment.problems, ...gateProblems, ...invalidValues(candidate, written)];
  if (problems.length === 0) problems.push(...problemsAmong(candidate, written));
  if (problems.length > 0) throw new PlatformConfigurationError(problems);
  return Object.freeze({ ...candidate, gates });
}

function invalidValues(candidate: PlatformSettings, written: readonly WrittenValue[]): ConfigurationProblem[] {
  return new Validator().validateSync(candidate).map(({ property, value, constraints }) => {
    const allowed = Object.values(constraints ?? {}).join(', ');
    return { ...placeOf(property, written), sentence: `${JSON.stringify(value)}; allowed: ${allowed}` };
  });
}

/** What is wrong with settings that are each allowed. */
function problemsAmong(candidate: PlatformSettings, written: readonly WrittenValue[]): ConfigurationProblem[] {
  return [...openToStrangers(candidate, written), ...mixedTrees(candidate, written)];
}

function openToStrangers(candidate: PlatformSettings, written: readonly WrittenValue[]): ConfigurationProblem[] {
  if (candidate.tokenFile !== undefined) return [];
  const open: [keyof PlatformSettings, string][] = [['httpAddress', candidate.httpAddress]];
  if (candidate.grpcEnabled) open.push(['grpcAddress', candidate.grpcAddress]);
  return open
    .filter(([, address]) => !isLoopback(address))
    .map(([property, address]) => ({
      ...placeOf(property, written),
      sentence:
        `${JSON.stringify(address)} lets other machines in, and nobody would have to show a token; allowed: a loopback ` +
        'address, or platform.auth.tokenFile (CORRAL_PLATFORM_AUTH_TOKEN_FILE) beside it, for which `corral token` makes lines',
    }));
}

/** What Spring's programs are shown is written and deleted as releases say, so nothing else may be there. */
function mixedTrees(
  { springNamespace, springRoot, configRoot, registryRoot }: PlatformSettings,
  written: readonly WrittenValue[],
): ConfigurationProblem[] {
  if (springNamespace === undefined) return [];
  const other = [configRoot, registryRoot].find((root) => isWithin(root, springRoot) || isWithin(springRoot, root));
  if (other === undefined) return [];
  const sentence = `${JSON.stringify(springRoot)} would mix with ${other}; allowed: a path that is neither above nor below it`;
  return [{ ...placeOf('springRoot', written), sentence }];
}

function isWithin(path: string, above: string): boolean {
  return `${path}/`.startsWith(`${above}/`);
}

function placeOf(property: string, written: readonly WrittenValue[]): { place: string; key: string } {
  const source = written.findLast((value) => value.property === property);
  if (source !== undefined) return { place: source.place, key: source.key };
  return {
    place: 'defaults',
    key: `platform.${settings.find((setting) => setting.property === property)?.path ?? property}`,
  };
}

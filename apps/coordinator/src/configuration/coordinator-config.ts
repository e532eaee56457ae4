import { resolve } from 'node:path';
import type { ConfigurationProblem } from './configuration-error.js';
import type { CoordinatorSettings } from './coordinator-settings.js';
import type { EnsembleConfig } from './ensemble-config.js';

/** The configuration that a member runs with: complete, validated, frozen. */
export interface CoordinatorConfig extends Readonly<Omit<CoordinatorSettings, ResolvedProperty>> {
  /** The file that it was read from; `undefined`: the defaults. */
  readonly file: string | undefined;
  /** Absolute. */
  readonly dataDirectory: string;
  /** Absolute; the data directory unless the file names another. */
  readonly logDirectory: string;
  readonly clientAddress: string;
  /** Whether the file says where to listen. If not, it is the loopback address. */
  readonly clientAddressExplicit: boolean;
  readonly sessionTimeoutMsMin: number;
  readonly sessionTimeoutMsMax: number;
  /** Without `*`, which stands for all. */
  readonly fourLetterWords: ReadonlySet<string>;
  readonly fourLetterWordsAll: boolean;
  /** Nothing for a member that stands alone. */
  readonly ensemble: EnsembleConfig | undefined;
}

type ResolvedProperty =
  | 'dataDirectory'
  | 'logDirectory'
  | 'clientAddress'
  | 'sessionTimeoutMsMin'
  | 'sessionTimeoutMsMax'
  | 'fourLetterWords'
  | 'serverId'
  | 'peerType'
  | 'electionAlgorithm';

const DEFAULT_DATA_DIRECTORY = './data';
/** Nobody has to authenticate, so nobody but this machine may connect until the operator says otherwise. */
const DEFAULT_CLIENT_ADDRESS = '127.0.0.1';
const DEFAULT_TIMEOUT_TICKS_MIN = 2;
const DEFAULT_TIMEOUT_TICKS_MAX = 20;

/** Works out what depends on other settings. */
export function coordinatorConfigOf(
  settings: CoordinatorSettings,
  file: string | undefined,
  ensemble?: EnsembleConfig,
): CoordinatorConfig {
  const dataDirectory = resolve(settings.dataDirectory ?? DEFAULT_DATA_DIRECTORY);
  const { sessionTimeoutMsMin, sessionTimeoutMsMax, tickMs, fourLetterWords } = settings;
  const { serverId: _serverId, peerType: _peerType, electionAlgorithm: _electionAlgorithm, ...others } = settings;
  return Object.freeze({
    ...others,
    file,
    dataDirectory,
    logDirectory: settings.logDirectory === undefined ? dataDirectory : resolve(settings.logDirectory),
    clientAddress: settings.clientAddress ?? DEFAULT_CLIENT_ADDRESS,
    clientAddressExplicit: settings.clientAddress !== undefined,
    sessionTimeoutMsMin: sessionTimeoutMsMin === -1 ? tickMs * DEFAULT_TIMEOUT_TICKS_MIN : sessionTimeoutMsMin,
    sessionTimeoutMsMax: sessionTimeoutMsMax === -1 ? tickMs * DEFAULT_TIMEOUT_TICKS_MAX : sessionTimeoutMsMax,
    fourLetterWords: new Set([...fourLetterWords, 'srvr', ...(settings.readOnlyModeEnabled ? ['isro'] : [])]),
    fourLetterWordsAll: fourLetterWords.includes('*'),
    ensemble,
  });
}

/** What is wrong with settings that are each allowed. */
export function problemsAmong(config: CoordinatorConfig): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const { sessionTimeoutMsMin, sessionTimeoutMsMax } = config;
  if (sessionTimeoutMsMin > sessionTimeoutMsMax) {
    problems.push({
      key: 'minSessionTimeout (sessions.timeoutMsMin)',
      line: undefined,
      sentence: `is ${sessionTimeoutMsMin} ms; allowed: at most the longest session timeout, ${sessionTimeoutMsMax} ms`,
    });
  }
  if (config.adminEnabled && config.adminPort === config.clientPort && config.adminPort !== 0) {
    problems.push({
      key: 'admin.serverPort (admin.port)',
      line: undefined,
      sentence: `is ${config.adminPort}; allowed: another port than the clients' one`,
    });
  }
  return problems;
}

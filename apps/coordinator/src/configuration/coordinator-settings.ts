import {
  AddressSetting,
  ChoiceSetting,
  FlagSetting,
  IntegerSetting,
  SecretSetting,
  settings,
  TextSetting,
  WordsSetting,
} from './setting.js';

const PORT = { min: 0, max: 65_535 };
const INT32_MAX = 2_147_483_647;
const DAY_MS = 86_400_000;
const DIRECTORY = /\S/;

/**
 * Everything that can be configured, with its default, its name in both kinds of file and what is allowed.
 * A setting that is `undefined` by default takes a value that depends on others: `coordinatorConfigOf` works it out.
 */
export class CoordinatorSettings {
  /** The unit of time that session timeouts are counted in by default. */
  @IntegerSetting({ zooCfg: 'tickTime', yaml: 'tickMs' }, { min: 1, max: DAY_MS })
  tickMs = 2_000;

  @TextSetting({ zooCfg: 'dataDir', yaml: 'data.directory' }, DIRECTORY, 'a directory')
  dataDirectory: string | undefined = undefined;

  /** The transaction log, when it has a disk of its own. */
  @TextSetting({ zooCfg: 'dataLogDir', yaml: 'data.logDirectory' }, DIRECTORY, 'a directory')
  logDirectory: string | undefined = undefined;

  /** Off: a missing data directory stops the start, as is right for a disk that may not be mounted. */
  @FlagSetting({ zooCfg: 'datadir.autocreate', yaml: 'data.createDirectories' })
  directoriesCreated = true;

  @IntegerSetting({ zooCfg: 'fsync.warningthresholdms', yaml: 'data.logSyncWarningMs' }, { min: 1, max: DAY_MS })
  logSyncWarningMs = 1_000;

  /** 0: any free port, which the start line names. */
  @IntegerSetting({ zooCfg: 'clientPort', yaml: 'clients.port' }, PORT)
  clientPort = 2_181;

  @AddressSetting({ zooCfg: 'clientPortAddress', yaml: 'clients.address' })
  clientAddress: string | undefined = undefined;

  /** 0: no limit. */
  @IntegerSetting({ zooCfg: 'maxClientCnxns', yaml: 'clients.connectionsPerAddressMax' }, { min: 0, max: INT32_MAX })
  connectionsPerAddressMax = 60;

  /** 0: no limit. */
  @IntegerSetting({ zooCfg: 'maxCnxns', yaml: 'clients.connectionsMax' }, { min: 0, max: INT32_MAX })
  connectionsMax = 0;

  /** How long a frame may be; also the bound for a znode's data. */
  @IntegerSetting({ zooCfg: 'jute.maxbuffer', yaml: 'clients.frameBytesMax' }, { min: 1_024, max: 1_073_741_824 })
  frameBytesMax = 0xf_ffff;

  /** Requests of one connection that may wait for an answer before no more are read from it. */
  @IntegerSetting(
    { zooCfg: 'globalOutstandingLimit', yaml: 'clients.outstandingRequestsMax' },
    { min: 1, max: INT32_MAX },
  )
  outstandingRequestsMax = 1_000;

  /** -1: two ticks. */
  @IntegerSetting({ zooCfg: 'minSessionTimeout', yaml: 'sessions.timeoutMsMin' }, { min: -1, max: INT32_MAX })
  sessionTimeoutMsMin = -1;

  /** -1: twenty ticks. */
  @IntegerSetting({ zooCfg: 'maxSessionTimeout', yaml: 'sessions.timeoutMsMax' }, { min: -1, max: INT32_MAX })
  sessionTimeoutMsMax = -1;

  /** `srvr` is always answered. */
  @WordsSetting(
    { zooCfg: '4lw.commands.whitelist', yaml: 'fourLetterWords' },
    /^(\*|[a-z]{4})$/,
    'four-letter words with commas between them, or * for all',
  )
  fourLetterWords: readonly string[] = ['srvr'];

  @FlagSetting({ zooCfg: 'admin.enableServer', yaml: 'admin.enabled' })
  adminEnabled = true;

  @IntegerSetting({ zooCfg: 'admin.serverPort', yaml: 'admin.port' }, PORT)
  adminPort = 8_180;

  @AddressSetting({ zooCfg: 'admin.serverAddress', yaml: 'admin.address' })
  adminAddress = '127.0.0.1';

  /** Who authenticates with the password behind this digest may do everything. */
  @SecretSetting(
    { zooCfg: 'DigestAuthenticationProvider.superDigest', yaml: 'security.superDigest' },
    /^[^:\s]+:[A-Za-z0-9+/]{27}=$/,
    'super:<digest>, the digest being the base64 of the SHA-1 of "super:<password>"',
  )
  superDigest: string | undefined = undefined;

  /** On: every client may do everything, whatever the ACLs say. */
  @FlagSetting({ zooCfg: 'skipACL', yaml: 'security.aclChecksSkipped' })
  aclChecksSkipped = false;

  /** On: a write over the quota is refused. Off: it is logged. */
  @FlagSetting({ zooCfg: 'enforceQuota', yaml: 'quotasEnforced' })
  quotasEnforced = false;

  /** TTL znodes. Apache has them off, and Corral's own formats have room for them anyway. */
  @FlagSetting({ zooCfg: 'extendedTypesEnabled', yaml: 'extendedTypesEnabled' })
  extendedTypesEnabled = true;

  /** How many ticks a follower may take to connect to its leader and to catch up with it. */
  @IntegerSetting({ zooCfg: 'initLimit', yaml: 'ensemble.initLimitTicks' }, { min: 1, max: 100_000 })
  initLimitTicks = 10;

  /** How many ticks a member may be silent before the others go on without it. */
  @IntegerSetting({ zooCfg: 'syncLimit', yaml: 'ensemble.syncLimitTicks' }, { min: 1, max: 100_000 })
  syncLimitTicks = 5;

  /** How long a connection to another member may take to come up. */
  @IntegerSetting({ zooCfg: 'cnxTimeout', yaml: 'ensemble.connectTimeoutMs' }, { min: 1, max: DAY_MS })
  peerConnectTimeoutMs = 5_000;

  /** On: the ports for other members listen at every address of this machine, not only at the member's own. */
  @FlagSetting({ zooCfg: 'quorumListenOnAllIPs', yaml: 'ensemble.listenOnAllAddresses' })
  quorumListensEverywhere = false;

  /** Who may connect to the ports for other members: `members`, addresses or names, or `*` for everybody. */
  @WordsSetting(
    { zooCfg: 'corral.peerAddresses', yaml: 'ensemble.peerAddresses' },
    /^(\*|[A-Za-z0-9._:-]+)$/,
    'members (the addresses of the members), addresses or names with commas between them, or * for everybody',
  )
  peerAddresses: readonly string[] = ['members'];

  /** Off: the leader serves no clients and has its time for the followers. */
  @FlagSetting({ zooCfg: 'leaderServes', yaml: 'ensemble.leaderServes' })
  leaderServes = true;

  /** Heartbeats between Corral members are so far apart; 0: half a tick, as ZooKeeper has it. */
  @IntegerSetting({ zooCfg: 'corral.heartbeatMs', yaml: 'ensemble.heartbeatMs' }, { min: 0, max: DAY_MS })
  heartbeatMs = 0;

  /** ZooKeeper's only election that is left. */
  @IntegerSetting({ zooCfg: 'electionAlg', yaml: 'ensemble.electionAlgorithm' }, { min: 3, max: 3 })
  electionAlgorithm = 3;

  /** What this member is; the `server.N` line says the same, and counts when it does not. */
  @ChoiceSetting({ zooCfg: 'peerType', yaml: 'ensemble.peerType' }, ['participant', 'observer'])
  peerType: 'participant' | 'observer' | undefined = undefined;

  /** The number of this member, for files that do without `myid`. */
  @IntegerSetting({ zooCfg: 'corral.serverId', yaml: 'ensemble.serverId' }, { min: 0, max: 255 })
  serverId: number | undefined = undefined;

  /** On: a member that is cut off from the quorum answers reads, to clients that accept that. */
  @FlagSetting({ zooCfg: 'readonlymode.enabled', yaml: 'readOnlyModeEnabled' })
  readOnlyModeEnabled = false;

  /** How often empty container znodes and outlived TTL znodes are looked for; 0: never. */
  @IntegerSetting(
    { zooCfg: 'znode.container.checkIntervalMs', yaml: 'containers.checkIntervalMs' },
    { min: 0, max: DAY_MS },
  )
  containerCheckIntervalMs = 60_000;

  @IntegerSetting(
    { zooCfg: 'znode.container.maxPerMinute', yaml: 'containers.deletedPerMinuteMax' },
    { min: 1, max: INT32_MAX },
  )
  containersDeletedPerMinuteMax = 10_000;

  @ChoiceSetting({ zooCfg: 'corral.logLevel', yaml: 'logLevel' }, ['error', 'warn', 'info', 'debug'])
  logLevel: 'error' | 'warn' | 'info' | 'debug' = 'info';
}

/** The settings by their key in zoo.cfg. */
export const settingsByZooCfgKey = new Map(settings.map((setting) => [setting.zooCfg, setting]));

/** The settings by their place in corral.yaml. */
export const settingsByYamlPath = new Map(settings.map((setting) => [setting.yaml, setting]));

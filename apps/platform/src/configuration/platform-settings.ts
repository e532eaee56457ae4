import { limits } from '@corral/registry';
import { AddressSetting, ChoiceSetting, FlagSetting, IntegerSetting, TextSetting } from './setting.js';

const PORT = { min: 0, max: 65_535 };
const HOST_LIST = /^[^\s,/]+:\d{1,5}(,[^\s,/]+:\d{1,5})*(\/[^\s]*[^\s/])?$/;
const ZNODE_PATH = /^(\/(?!\.{1,2}(\/|$))[^/\s\p{Cc}]+)+$/u;
const NAMESPACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const FILE = /\S/;
const CHECK_INTERVAL_MS = { min: limits.checkIntervalMsMin, max: limits.checkIntervalMsMax };
const CHECK_TIMEOUT_MS = { min: limits.checkTimeoutMsMin, max: limits.checkTimeoutMsMax };
const MIB = 1_048_576;

/** Everything about a platform that can be configured, with its default, its place in the file and what is allowed. */
export class PlatformSettings {
  /** Whether `corral serve FILE` runs a platform beside the coordinator. */
  @FlagSetting('enabled')
  enabled: boolean | undefined = undefined;

  /** The ensemble. Without it: the member in the same process, or 127.0.0.1:2181. */
  @TextSetting('connect', HOST_LIST, 'host:port, or several with commas between them, then a path if there is one')
  connect: string | undefined = undefined;

  @IntegerSetting('sessionTimeoutMs', { min: 1_000, max: 600_000 })
  sessionTimeoutMs = 10_000;

  @AddressSetting('http.address')
  httpAddress = '127.0.0.1';

  /** 0: any free port, which the log names. */
  @IntegerSetting('http.port', PORT)
  httpPort = 8181;

  @FlagSetting('grpc.enabled')
  grpcEnabled = true;

  @AddressSetting('grpc.address')
  grpcAddress = '127.0.0.1';

  @IntegerSetting('grpc.port', PORT)
  grpcPort = 8182;

  /** Who may do what. Without it everybody may do everything, and so only on loopback. */
  @TextSetting('auth.tokenFile', FILE, 'a file')
  tokenFile: string | undefined = undefined;

  /** The longest body of a request. */
  @IntegerSetting('limits.bodyBytesMax', { min: 1_024, max: 64 * MIB })
  bodyBytesMax = 10 * MIB;

  /** Per caller: a token, or an address where nobody needs one. 0: no limit. */
  @IntegerSetting('limits.readsPerSecondMax', { min: 0, max: 1_000_000 })
  readsPerSecondMax = 20_000;

  @IntegerSetting('limits.writesPerSecondMax', { min: 0, max: 1_000_000 })
  writesPerSecondMax = 2_000;

  /** Watches, streams and long polls that are open at one time. */
  @IntegerSetting('limits.streamsMax', { min: 1, max: 1_000_000 })
  streamsMax = 10_000;

  @IntegerSetting('limits.connectionsMax', { min: 1, max: 1_000_000 })
  connectionsMax = 20_000;

  @TextSetting('registry.root', ZNODE_PATH, 'the path of a znode, such as /services')
  registryRoot = '/services';

  /** What stands in the payload of instances: `spring` for programs with Spring Cloud Zookeeper. */
  @ChoiceSetting('registry.payload', ['none', 'spring'])
  registryPayload: 'none' | 'spring' = 'none';

  /** From one active check to the next, of instances that do not say. */
  @IntegerSetting('registry.checks.intervalMs', CHECK_INTERVAL_MS)
  checksIntervalMs = 10_000;

  /** How long an active check may take, of instances that do not say. */
  @IntegerSetting('registry.checks.timeoutMs', CHECK_TIMEOUT_MS)
  checksTimeoutMs = 2_000;

  /** After a mass loss: from one try to reach those that vanished to the next. */
  @IntegerSetting('registry.guard.intervalMs', { min: 100, max: 600_000 })
  guardIntervalMs = 2_000;

  /** How long one such try may take. */
  @IntegerSetting('registry.guard.timeoutMs', CHECK_TIMEOUT_MS)
  guardTimeoutMs = 1_000;

  /** So many tries in a row must fail before an instance is called dead. */
  @IntegerSetting('registry.guard.failures', { min: 1, max: limits.checksInARowMax })
  guardFailures = 3;

  @TextSetting('config.root', ZNODE_PATH, 'the path of a znode, such as /corral/config')
  configRoot = '/corral/config';

  /** Keys for values that are encrypted at rest, as lines `id:base64`. */
  @TextSetting('config.keyFile', FILE, 'a file')
  keyFile: string | undefined = undefined;

  /** Whose configuration is kept written in Spring Cloud Zookeeper's layout. Without it, nobody's. */
  @TextSetting('spring.namespace', NAMESPACE, 'a namespace: A-Z a-z 0-9 . _ - that begin with a letter or digit')
  springNamespace: string | undefined = undefined;

  @TextSetting('spring.root', ZNODE_PATH, 'the path of a znode, such as /config')
  springRoot = '/config';

  /** Writes encrypted values there in the clear. They are left out otherwise. */
  @FlagSetting('spring.decrypt')
  springDecrypt = false;

  @ChoiceSetting('log.level', ['error', 'warn', 'info', 'debug'])
  logLevel: 'error' | 'warn' | 'info' | 'debug' = 'info';

  /** `json` for machines, `text` for people. */
  @ChoiceSetting('log.format', ['json', 'text'])
  logFormat: 'json' | 'text' | undefined = undefined;
}

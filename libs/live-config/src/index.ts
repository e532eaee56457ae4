export * from './errors.js';
export { limits } from './limits.js';
export {
  checkName,
  checkProfiles,
  checkScope,
  checkTarget,
  describeScope,
  type DocumentKey,
  documentId,
  type Scope,
  type Target,
} from './names.js';
export * from './documents.js';
export { type ConfigTree, type ConfigValue, isTree, merge, valueAt } from './values/tree.js';
export { parseContent } from './formats/parse.js';
export type { DocumentDiff, ReleaseDiff, ValueChange } from './diff/documents.js';
export { type EncryptionKey, KeyRing } from './encryption/key-ring.js';
export { ENCRYPT_MARK } from './encryption/sealed-document.js';
export { isSealed } from './encryption/sealed-value.js';
export { APPLICATION_SCHEMA } from './validation/validate.js';
export type { ConfigValidator } from './validation/validator.js';
export type { ConfigClient } from './ensemble/client-port.js';
export { systemClock } from './ensemble/wall-clock.js';
export { bucketOf, type RolloutReach, seesCandidate } from './rollout/select.js';
export type { InstanceIdentity, RolloutSpec, StageSelector, StageSpec } from './rollout/spec.js';
export {
  abortRollout,
  type GateVerdict,
  promoteRollout,
  type RolloutOutcome,
  type RolloutState,
  type RolloutStep,
  stepRollout,
} from './rollout/state.js';
export {
  type Gate,
  type GateQuestion,
  RolloutController,
  type RolloutControllerOptions,
} from './rollout/controller.js';
export { ConfigStore } from './store/config-store.js';
export type { Collected } from './store/collector.js';
export type { EffectiveOptions, ReadOptions } from './store/document-reader.js';
export type { HistoryOptions } from './store/release-history.js';
export {
  SpringView,
  type SpringViewOptions,
  type SpringWriteOptions,
  type SpringWriteResult,
} from './spring/spring-view.js';
export {
  SpringImport,
  type SpringImported,
  type SpringImportOptions,
  type SpringImportResult,
} from './spring/spring-import.js';
export { SpringMirror, type SpringMirrorOptions } from './spring/spring-mirror.js';
export type { Properties } from './spring/properties-view.js';
export {
  type Acknowledgement,
  HostedSubscribers,
  type HostedSubscribersOptions,
} from './hosting/hosted-subscribers.js';
export type { Hosting } from './hosting/hosted-records.js';
export type * from './store/types.js';
export { ConfigSubscription, type SubscriptionFailure } from './subscription/config-subscription.js';
export { FileCopy } from './subscription/file-copy.js';
export type * from './subscription/types.js';

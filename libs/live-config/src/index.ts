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
export { type EncryptionKey, KeyRing } from './encryption/key-ring.js';
export type { ConfigValidator } from './validation/validate.js';
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
export type * from './store/types.js';
export type * from './subscription/types.js';

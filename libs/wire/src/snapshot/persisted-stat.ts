/**
 * A stat as snapshots have it: that of a reply without what the tree itself tells, the length of the data and the number of children. Up to the
 * owner the fields stand where they stand in a reply's stat.
 */
export const PERSISTED_STAT_SIZE_BYTES = 60;

/** Where its fields begin. All numbers are big-endian. */
export const PersistedStatAt = {
  czxid: 0,
  mzxid: 8,
  ctimeMs: 16,
  mtimeMs: 24,
  version: 32,
  /** How many children were ever created: where a reply has the version of the children. */
  creates: 36,
  aversion: 40,
  /** The session, or ZooKeeper's mark of a container or of a time to live. */
  owner: 44,
  pzxid: 52,
} as const;

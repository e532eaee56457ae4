/** Every bound of an instance in one place. What is over a bound is refused with an `InvalidInstanceError` that names the field. */
export const limits = {
  /** Characters of a service name, an id, an address, a zone, a version. */
  textLengthMax: 255,
  /** Entries of `metadata`. */
  metadataEntriesMax: 100,
  /** Characters of a key of `metadata`. */
  metadataKeyLengthMax: 128,
  /** Characters of a value of `metadata`. */
  metadataValueLengthMax: 4096,
  /** Bytes of an instance's JSON. */
  instanceBytesMax: 64 * 1024,
  weightMax: 1_000_000,
  /** Between two checks of an instance. */
  checkIntervalMsMin: 500,
  checkIntervalMsMax: 3_600_000,
  checkTimeoutMsMin: 50,
  checkTimeoutMsMax: 60_000,
  /** Checks in a row that change a verdict. */
  checksInARowMax: 100,
  /** Parts of a URI template. */
  uriPartsMax: 32,
  drainGraceMsMax: 3_600_000,
  /** The longest time that a timer can wait for. */
  durationMsMax: 2_147_483_647,
  /** Keys that a sticky strategy remembers. */
  keysMax: 10_000_000,
  /** Places of one instance on a hash ring, however heavy: a ring that takes seconds to build helps nobody. */
  replicasMax: 2000,
  leaseTtlMsMin: 1000,
  leaseTtlMsMax: 86_400_000,
} as const;

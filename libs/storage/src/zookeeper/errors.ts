/** An Apache ZooKeeper data directory is there and could not be taken over. Nothing in it was changed. */
export class TakeOverFailedError extends Error {
  override readonly name = 'TakeOverFailedError';
}

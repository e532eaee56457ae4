/** The files that hold a member's epochs cannot be read, or contradict its log or each other. */
export class EpochFilesError extends Error {
  override readonly name = 'EpochFilesError';
}

/** The caller is gone without a word. */
export class StreamBrokenError extends Error {
  override readonly name = 'StreamBrokenError';
}

/** The demo cannot do what it was asked for; the message is all that a person needs. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

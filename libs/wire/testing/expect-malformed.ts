/**
 * Fails when `read` does anything but throw a MalformedRecordError. It looks at the name, because the class of this door and that of
 * the sources under test need not be the same object.
 */
export function expectMalformed(read: () => unknown): void {
  // Stacks are most of an error's cost, and the truncation tests make ten thousands of them.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  let outcome = 'no error';
  try {
    read();
  } catch (error) {
    if (error instanceof Error && MALFORMED.has(error.name)) return;
    outcome = String(error);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  throw new Error(`expected MalformedRecordError, found ${outcome}`);
}

const MALFORMED = new Set(['MalformedRecordError', 'UnknownTypeError']);

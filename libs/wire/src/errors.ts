/**
 * Bytes that are not the record they should be: too short, a length beyond the frame, a number outside its range.
 * The sender's fault, never ours; whoever serves the sender answers with a marshalling error or ends the connection.
 */
export class MalformedRecordError extends Error {
  override readonly name: string = 'MalformedRecordError';

  constructor(
    /** The kind of field that was being read, such as `string length`. */
    readonly what: string,
    /** Where the field begins, counted from the start of the buffer. */
    readonly offset: number,
    /** What should have been there. */
    readonly expected: string,
    /** How many bytes more would be needed, where the record ends too early; 0 where the bytes themselves are wrong. */
    readonly missingBytes = 0,
  ) {
    super(`${what} at offset ${String(offset)}: expected ${expected}`);
  }
}

/** A record that announces itself with a type that does not exist, or that is not allowed in its place. */
export class UnknownTypeError extends MalformedRecordError {
  override readonly name = 'UnknownTypeError';

  constructor(
    what: string,
    offset: number,
    /** The type as it was read. */
    readonly type: number,
  ) {
    super(what, offset, `a known type, not ${String(type)}`);
  }
}

/** A frame whose announced length is negative or over the limit. Nothing after it in the stream can be understood. */
export class FrameLengthError extends Error {
  override readonly name = 'FrameLengthError';

  constructor(
    /** The length as it was read, signed. */
    readonly lengthBytes: number,
    readonly maxFrameBytes: number,
  ) {
    super(`frame length ${String(lengthBytes)} is outside 0..${String(maxFrameBytes)}`);
  }
}

/** A frame that leaves no way to go on with the connection: who serves it closes it. */
export class ProtocolViolationError extends Error {
  override readonly name = 'ProtocolViolationError';
}

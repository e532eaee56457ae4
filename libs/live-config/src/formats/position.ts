import { ParseError } from '../errors.js';

/** An error at a place in a text, told as line and column. */
export function parseErrorAt(document: string, text: string, offset: number, reason: string): ParseError {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return new ParseError(document, reason, line, offset - lineStart + 1);
}

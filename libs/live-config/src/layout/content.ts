import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { IntegrityError } from '../errors.js';
import { limits } from '../limits.js';

/** Below so many bytes compressing gains nothing. */
const COMPRESS_BYTES_MIN = 512;
const BROTLI_QUALITY = 6;

/** How to find a content and how to read it. Stands in a release's record. */
export interface ContentRef {
  /** SHA-256, in hex, of the bytes as they are stored: what comes from the ensemble is checked before anything decodes it. */
  readonly hash: string;
  /** Bytes of the text. Nothing is decompressed beyond it. */
  readonly sizeBytes: number;
  readonly encoding: 'plain' | 'brotli';
  /** In how many znodes it is kept: one holds it itself, more are children of an empty one. */
  readonly parts: number;
}

/** A content ready to be written. */
export interface EncodedContent {
  readonly ref: ContentRef;
  /** The stored bytes, whole. */
  readonly bytes: Buffer;
}

/** Compresses where that helps, and names by hash. The same text always gives the same znodes. */
export function encodeContent(text: string): EncodedContent {
  const plain = Buffer.from(text, 'utf8');
  const packed = plain.length >= COMPRESS_BYTES_MIN ? compress(plain) : plain;
  const isSmaller = packed.length < plain.length;
  const bytes = isSmaller ? packed : plain;
  const encoding = isSmaller ? 'brotli' : 'plain';
  const parts = Math.max(1, Math.ceil(bytes.length / limits.znodeBytesMax));
  return { bytes, ref: { hash: sha256(bytes), sizeBytes: plain.length, encoding, parts } };
}

/** The pieces in which a content is stored: one per znode. */
export function splitContent({ bytes, ref }: EncodedContent): Buffer[] {
  return Array.from({ length: ref.parts }, (_, i) =>
    bytes.subarray(i * limits.znodeBytesMax, (i + 1) * limits.znodeBytesMax),
  );
}

/** Checks stored bytes and reads them. @throws IntegrityError when they are not what the release names. */
export function decodeContent(ref: ContentRef, bytes: Uint8Array, where: string): string {
  if (sha256(bytes) !== ref.hash) throw new IntegrityError(where, `the stored bytes do not have the hash ${ref.hash}`);
  if (ref.encoding === 'plain') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    const plain = brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, ref.sizeBytes) });
    if (plain.length === ref.sizeBytes) return plain.toString('utf8');
  } catch (cause) {
    throw new IntegrityError(where, 'the stored bytes cannot be decompressed', { cause });
  }
  throw new IntegrityError(where, `the stored text has not ${ref.sizeBytes} bytes`);
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function compress(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

import { IntegrityError } from '../errors.js';
import { limits } from '../limits.js';
import { seesCandidate } from '../rollout/select.js';
import type { InstanceIdentity } from '../rollout/spec.js';
import type { RolloutOutcome, RolloutState } from '../rollout/state.js';
import type { EncodedContent } from './content.js';
import type { ReleaseRef } from './record.js';

/** What the one mutable znode of a scope says. Every change of it is a write with its version, so two who change it cannot both win. */
export interface Pointer {
  /** The highest number that was given to a release; numbers are never given twice. */
  readonly lastRelease: number;
  /** The release that everybody sees, save whom a rollout has reached. */
  readonly stable: ReleaseRef | undefined;
  /** The release that is being rolled out, and how far it got. */
  readonly rollout: { readonly candidate: ReleaseRef; readonly state: RolloutState } | undefined;
  readonly lastRollout: RolloutOutcome | undefined;
  /** Small contents and records of the newest release, base64 by hash: who reads the pointer has all at once. A cache, checked like all else. */
  readonly inline: Readonly<Record<string, string>>;
}

/** Before the first release. */
export const EMPTY_POINTER: Pointer = {
  lastRelease: 0,
  stable: undefined,
  rollout: undefined,
  lastRollout: undefined,
  inline: {},
};

const FORMAT = 1;

/** The pointer as bytes. */
export function encodePointer(pointer: Pointer): Buffer {
  return Buffer.from(JSON.stringify({ format: FORMAT, ...pointer }), 'utf8');
}

/** The pointer that was read last. A release reaches all subscribers of a process with the same bytes, one after another. */
let newest: { readonly data: Buffer; readonly pointer: Pointer } | undefined;

/** Reads a pointer; an absent or empty znode is an empty one. @throws IntegrityError when it cannot be read. */
export function decodePointer(data: Buffer | undefined, where: string): Pointer {
  if (data === undefined || data.length === 0) return EMPTY_POINTER;
  if (newest?.data.equals(data) === true) return newest.pointer;
  const pointer = parsePointer(data, where);
  newest = { data, pointer };
  return pointer;
}

function parsePointer(data: Buffer, where: string): Pointer {
  let read: Partial<Pointer> & { format?: unknown };
  try {
    read = JSON.parse(data.toString('utf8')) as typeof read;
  } catch (cause) {
    throw new IntegrityError(where, 'is not the pointer of a configuration', { cause });
  }
  if (read.format !== FORMAT) {
    throw new IntegrityError(where, `has format ${String(read.format)}, this program reads ${FORMAT}`);
  }
  return { ...EMPTY_POINTER, ...read };
}

/** What rides along in the pointer: the smallest first, as much as fits. */
export function inlineContents(contents: readonly EncodedContent[]): Readonly<Record<string, string>> {
  const inline: Record<string, string> = {};
  let bytesLeft = limits.inlineBytesMax;
  for (const { ref, bytes } of [...contents].sort((a, b) => a.bytes.length - b.bytes.length)) {
    bytesLeft -= bytes.length;
    if (bytesLeft < 0) break;
    inline[ref.hash] = bytes.toString('base64');
  }
  return inline;
}

/** Which release an instance sees: a function of the pointer and of who asks, and of nothing else. */
export function releaseFor(pointer: Pointer, instance: InstanceIdentity | undefined): ReleaseRef | undefined {
  const { rollout, stable } = pointer;
  if (rollout !== undefined && instance !== undefined && seesCandidate(rollout.state, instance))
    return rollout.candidate;
  return stable;
}

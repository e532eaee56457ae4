import { epochOf, type ServerId, type Zxid } from '@corral/primitives';
import type { Notification, PeerState, Vote } from '@corral/zab';
import { MalformedRecordError, UnknownTypeError } from '../errors.js';
import { longOf } from '../long.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/*
 * The notification, the one message of the election port. It grew over time, and its length tells which form it is:
 *
 *     28 bytes   state, leader, zxid, round                        before 3.3
 *     40 bytes   ... peer epoch, four bytes without meaning        to 3.4
 *     44 and up  ... peer epoch, 2, length, configuration          since 3.5
 */

const EPOCHLESS_SIZE_BYTES = 28;
const VERSIONLESS_SIZE_BYTES = 40;

/** The form with a configuration, which is the one we write. */
const VERSION_WITH_CONFIG = 2;

/** In ZooKeeper's order: the index is the number on the wire. */
const STATES: readonly PeerState[] = ['looking', 'following', 'leading', 'observing'];

/** The lowest long, which an observer without a leader has for the leader, the zxid and the epoch. */
const NO_VOTE = longOf(-0x8000_0000, 0);

/** Reads a notification that fills its frame. */
export function readNotification(reader: RecordReader): Notification {
  const size = reader.remaining;
  const state = readState(reader);
  const hasVote = peekLong(reader) !== NO_VOTE;
  const leader = readVotePart(reader, hasVote);
  const zxid = readVotePart(reader, hasVote) as Zxid;
  const electionEpoch = reader.readLong();
  const peerEpoch = size === EPOCHLESS_SIZE_BYTES ? epochOf(zxid) : readVotePart(reader, hasVote);
  const vote: Vote | null = hasVote ? { leader: leader as ServerId, zxid, peerEpoch } : null;
  if (size === EPOCHLESS_SIZE_BYTES) return { state, electionEpoch, vote, config: null };
  const version = reader.readInt();
  const hasConfig = size !== VERSIONLESS_SIZE_BYTES && version >= VERSION_WITH_CONFIG;
  return { state, electionEpoch, vote, config: hasConfig ? readConfig(reader) : null };
}

export function writeNotification(writer: RecordWriter, notification: Notification): void {
  const { vote } = notification;
  writer.writeInt(STATES.indexOf(notification.state));
  writeVotePart(writer, vote?.leader);
  writeVotePart(writer, vote?.zxid);
  writer.writeLong(notification.electionEpoch);
  writeVotePart(writer, vote?.peerEpoch);
  writer.writeInt(VERSION_WITH_CONFIG);
  writer.writeBuffer(notification.config ?? Buffer.alloc(0));
}

function readState(reader: RecordReader): PeerState {
  const at = reader.offset;
  const index = reader.readInt();
  const state = STATES[index];
  if (state === undefined) throw new UnknownTypeError('state in a notification', at, index);
  return state;
}

function peekLong(reader: RecordReader): bigint {
  const at = reader.offset;
  const value = reader.readLongBig();
  reader.offset = at;
  return value;
}

function readVotePart(reader: RecordReader, hasVote: boolean): number {
  return hasVote ? reader.readLong() : reader.readLongSaturated();
}

function writeVotePart(writer: RecordWriter, value: number | undefined): void {
  if (value === undefined) writer.writeLongBig(NO_VOTE);
  else writer.writeLong(value);
}

function readConfig(reader: RecordReader): Buffer {
  const at = reader.offset;
  const config = reader.readBuffer();
  if (config === null) throw new MalformedRecordError('configuration in a notification', at, 'bytes, not null');
  return config;
}

import type { ServerId } from '@corral/primitives';
import type { ElectionHello, PeerAddress } from '@corral/zab';
import { MalformedRecordError, UnknownTypeError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/*
 * The first bytes on an election connection, from the side that opened it. They have no length in front: read them with a
 * `RecordStream`, and the frames that follow with a `FrameSplitter`.
 */

/** A negative number in the place where versions before 3.5 had their own id: one address follows, or several. */
const ONE_ADDRESS = -65536;
const SEVERAL_ADDRESSES = -65535;

/** ZooKeeper refuses longer lists of addresses. */
const ADDRESSES_BYTES_MAX = 2048;

const HIGHEST_PORT = 0xffff;

export function readElectionHello(reader: RecordReader): ElectionHello {
  const at = reader.offset;
  const version = reader.readLong();
  if (version >= 0) return { serverId: version as ServerId, addresses: [] };
  if (version !== ONE_ADDRESS && version !== SEVERAL_ADDRESSES) {
    throw new UnknownTypeError('protocol version of an election connection', at, version);
  }
  const serverId = reader.readLong() as ServerId;
  const lengthAt = reader.offset;
  const length = reader.readInt();
  if (length <= 0 || length > ADDRESSES_BYTES_MAX) {
    throw new MalformedRecordError('length of addresses', lengthAt, `1 to ${String(ADDRESSES_BYTES_MAX)}`);
  }
  reader.offset = lengthAt;
  const text = reader.readString() ?? '';
  return { serverId, addresses: text.split('|').map((address) => readAddress(address, lengthAt)) };
}

/** One address in the form that 3.5 and later read; several only where all members read them, from 3.6 on. */
export function writeElectionHello(writer: RecordWriter, hello: ElectionHello): void {
  if (hello.addresses.length === 0) {
    writer.writeLong(hello.serverId);
    return;
  }
  writer.writeLong(hello.addresses.length === 1 ? ONE_ADDRESS : SEVERAL_ADDRESSES);
  writer.writeLong(hello.serverId);
  writer.writeString(hello.addresses.map(formatAddress).join('|'));
}

/** `host:port`, an IPv6 host in brackets. */
function readAddress(text: string, at: number): PeerAddress {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1');
  const digits = text.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : -1;
  if (host.length === 0 || port < 0 || port > HIGHEST_PORT) {
    throw new MalformedRecordError('election address', at, `host:port, not '${text}'`);
  }
  return { host, port };
}

function formatAddress(address: PeerAddress): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${String(address.port)}`;
}

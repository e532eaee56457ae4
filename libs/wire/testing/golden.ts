import { existsSync, readFileSync } from 'node:fs';

/** Bytes that Apache ZooKeeper or one of its clients sent or wrote. */
export interface Golden {
  /** `>` from the client, learner or caller, `<` from the other side, `-` from a file. */
  readonly direction: '>' | '<' | '-';
  /** The operation, packet or record, by the names of `OpCode` and `PacketType`, or of the file that holds it. */
  readonly name: string;
  /** Whether it is a reply that carries an error. */
  readonly isError: boolean;
  readonly bytes: Buffer;
}

/** The files of `golden/`, without their ending; each says in its first lines what it is. */
export const goldenFiles = {
  clients: ['client-java', 'client-c', 'client-kazoo', 'client-raw'],
  malformed: ['client-malformed'],
  quorum: ['quorum', 'quorum-snap'],
  election: ['election'],
  transactions: ['transactions'],
  snapshot: ['snapshot'],
} as const;

type GoldenFile = (typeof goldenFiles)[keyof typeof goldenFiles][number];

/** The captured records of a file, in their order. */
export function readGolden(file: GoldenFile): Golden[] {
  const lines = readFileSync(new URL(`${file}.hex`, goldenDirectory()), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseLine);
}

/** All that clients and servers said to each other: the frames' bodies. */
export function readClientGoldens(): Golden[] {
  return goldenFiles.clients.flatMap(readGolden);
}

function parseLine(line: string): Golden {
  const match = /^([<>-]) (\w+)(!?) ((?:[0-9a-f]{2})*)$/.exec(line);
  if (match === null) throw new Error(`not a golden line: ${line}`);
  const [, direction, name = '', mark, hex = ''] = match;
  return { direction: direction as Golden['direction'], name, isError: mark === '!', bytes: Buffer.from(hex, 'hex') };
}

/** The files are not built: from `dist/testing` they are further away than from here. */
function goldenDirectory(): URL {
  const beside = new URL('golden/', import.meta.url);
  return existsSync(beside) ? beside : new URL('../../testing/golden/', import.meta.url);
}

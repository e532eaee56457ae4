import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerId } from '@corral/primitives';
import type { Notification } from '@corral/zab';
import { AllowList } from './allow-list.js';
import { ElectionNetwork } from './election-network.js';
import type { PeerEndpoint } from './peer-endpoint.js';
import { DEFAULT_PEER_LIMITS } from './peer-limits.js';

const LOOPBACK = '127.0.0.1';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function endpoints(count: number): Promise<PeerEndpoint[]> {
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  return ports.map((electionPort, at) => ({
    serverId: (at + 1) as ServerId,
    addresses: [{ host: LOOPBACK, quorumPort: 1, electionPort }],
  }));
}

const notification = (electionEpoch: number): Notification => ({
  state: 'looking',
  electionEpoch,
  vote: { leader: 1 as ServerId, zxid: 0 as never, peerEpoch: 0 },
  config: null,
});

/** A member's network, and what it hears; a promise for what it hears next. */
class Member {
  readonly network: ElectionNetwork;
  readonly log: string[] = [];
  readonly #waiting: { pattern: RegExp; resolve: () => void }[] = [];

  constructor(id: number, members: readonly PeerEndpoint[], allowed = [LOOPBACK]) {
    const note = (line: string): void => {
      this.log.push(line);
      for (const { pattern, resolve } of this.#waiting) if (pattern.test(line)) resolve();
    };
    this.network = new ElectionNetwork(
      { serverId: id as ServerId, members, listenHost: LOOPBACK, limits: DEFAULT_PEER_LIMITS, random: () => 0 },
      {
        allowList: new AllowList({ hosts: allowed, everybody: false, monotonicMs: () => 0 }),
        logger: (level, message, fields) => {
          if (level === 'warn') note(`warn ${message} ${String(fields?.['reason'] ?? '')}`);
        },
        onNotification: (from, { electionEpoch }) => {
          note(`${String(from)} says ${String(electionEpoch)}`);
        },
        onConnected: (peer) => {
          note(`up ${String(peer)}`);
        },
        onDisconnected: (peer) => {
          note(`down ${String(peer)}`);
        },
      },
    );
  }

  async hears(pattern: RegExp): Promise<void> {
    if (this.log.some((line) => pattern.test(line))) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ pattern, resolve });
    });
  }
}

describe('the connections on the election port', () => {
  const started: Member[] = [];
  const start = async (id: number, members: readonly PeerEndpoint[], allowed?: string[]): Promise<Member> => {
    const member = new Member(id, members, allowed);
    started.push(member);
    await member.network.listen();
    return member;
  };

  afterEach(() => {
    for (const member of started.splice(0)) member.network.close();
  });

  it('carry what is said both ways, whoever starts first', async () => {
    const members = await endpoints(2);
    const small = await start(1, members);
    small.network.send(2 as ServerId, notification(1));
    const large = await start(2, members);
    large.network.send(1 as ServerId, notification(2));
    await Promise.all([small.hears(/2 says 2/), large.hears(/1 says 1/)]);
    small.network.send(2 as ServerId, notification(3));
    await large.hears(/1 says 3/);
    expect(large.log).toEqual(['up 1', '1 says 1', '1 says 3']);
  });

  it('are made again, and the last word is said again', async () => {
    const members = await endpoints(2);
    const small = await start(1, members);
    const large = await start(2, members);
    small.network.send(2 as ServerId, notification(7));
    await large.hears(/1 says 7/);
    large.network.close();
    await small.hears(/down 2/);
    const again = await start(2, members);
    await again.hears(/1 says 7/);
    expect(again.log).toEqual(['up 1', '1 says 7']);
  });

  it.each([
    ['is closed when it brings garbage', Buffer.alloc(64, 0xee), /election connection closed/],
    [
      'is closed when it announces a huge message',
      helloAnd(Buffer.from('7fffffff', 'hex')),
      /election connection closed/,
    ],
    [
      'of a member that is not configured is closed',
      Buffer.from('0000000000000009', 'hex'),
      /not in the configuration/,
    ],
  ])('one that %s', async (_, bytes, line) => {
    const members = await endpoints(2);
    const member = await start(1, members);
    const socket = connect(members[0]!.addresses[0]!.electionPort, LOOPBACK);
    socket.on('error', () => undefined);
    socket.write(bytes);
    await Promise.all([once(socket, 'close'), member.hears(line)]);
    expect(member.log).toContainEqual(expect.stringMatching(line));
  });

  it('tell both sides when a member is not in the configuration of the other', async () => {
    const members = await endpoints(3);
    const member = await start(1, members.slice(0, 2));
    const stranger = await start(3, members);
    await Promise.all([
      member.hears(/not in the configuration was turned away/),
      stranger.hears(/closes the connections of this one without a word/),
    ]);
  });

  it('tell when two processes have one number', async () => {
    const members = await endpoints(3);
    const [first, second, elsewhere] = members as [PeerEndpoint, PeerEndpoint, PeerEndpoint];
    const member = await start(1, [first, second]);
    await start(2, [first, second]);
    await member.hears(/up 2/);
    await start(2, [first, { ...second, addresses: elsewhere.addresses }]);
    await member.hears(/two processes have its number/);
  });

  it('are refused to strangers before they can say anything', async () => {
    const members = await endpoints(2);
    const member = await start(1, members, ['10.0.0.1']);
    const socket = connect(members[0]!.addresses[0]!.electionPort, LOOPBACK);
    socket.on('error', () => undefined);
    await Promise.all([once(socket, 'close'), member.hears(/no member has this address/)]);
    expect(member.log).toEqual([expect.stringMatching(/election port closed/)]);
  });
});

/** The hello of member 2 in its oldest form, and bytes after it. */
function helloAnd(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from('0000000000000002', 'hex'), bytes]);
}

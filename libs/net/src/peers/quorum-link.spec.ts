import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Zxid, zxidOf } from '@corral/primitives';
import type { QuorumMessage } from '@corral/zab';
import { DEFAULT_PEER_LIMITS } from './peer-limits.js';
import { QuorumLink, type QuorumLinkHandler } from './quorum-link.js';

const proposal = (counter: number, sizeBytes: number): QuorumMessage => ({
  kind: 'proposal',
  zxid: zxidOf(1, counter),
  transaction: Buffer.alloc(sizeBytes, counter),
});

/** What one end hears. */
class Ear implements QuorumLinkHandler {
  readonly zxids: Zxid[] = [];
  readonly closed: Promise<string | undefined>;
  onEach: (message: QuorumMessage) => void = () => undefined;
  #close: (fault: string | undefined) => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  onMessage(message: QuorumMessage): void {
    if ('zxid' in message) this.zxids.push(message.zxid);
    this.onEach(message);
  }
  onTurnEnd(): void {}
  onDrained(): void {}
  onClosed(fault: string | undefined): void {
    this.#close(fault);
  }
}

describe('a connection on the quorum port', () => {
  let near: QuorumLink;
  let nearSocket: Socket;
  let far: QuorumLink;
  let ear: Ear;

  beforeEach(async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    nearSocket = connect((server.address() as { port: number }).port, '127.0.0.1');
    const [farSocket] = (await once(server, 'connection')) as [Socket];
    server.close();
    near = new QuorumLink(nearSocket, DEFAULT_PEER_LIMITS, new Ear());
    ear = new Ear();
    far = new QuorumLink(farSocket, { ...DEFAULT_PEER_LIMITS, packetBytesMax: 100_000 }, ear);
  });

  afterEach(() => {
    near.close();
    far.close();
  });

  /** Resolves when the far end has heard so many messages. */
  const heard = (count: number): Promise<void> =>
    new Promise((resolve) => {
      ear.onEach = () => {
        if (ear.zxids.length === count) resolve();
      };
    });

  it('brings messages in order, however they are cut into packets', async () => {
    const all = heard(500);
    for (let at = 1; at <= 500; at += 1) {
      near.append(proposal(at, (at * 37) % 5_000));
      if (at % 7 === 0) near.flush();
    }
    near.flush();
    await all;
    expect(ear.zxids).toEqual(Array.from({ length: 500 }, (_, at) => zxidOf(1, at + 1)));
  });

  it('gives up the bytes of a snapshot within it, and goes on with messages behind them', async () => {
    const taken: Buffer[] = [];
    const done = new Promise<void>((resolve) => {
      ear.onEach = (message) => {
        if (message.kind === 'snap') {
          far.takeBytes((chunk) => {
            taken.push(chunk);
            const all = Buffer.concat(taken);
            if (all.length >= 10) far.resumeMessages(all.subarray(10));
          });
        } else if (message.kind === 'commit') {
          resolve();
        }
      };
    });
    near.append({ kind: 'snap', zxid: zxidOf(1, 5) });
    near.outgoing().writeBytes(Buffer.from('0123456789'), 0, 10);
    near.append({ kind: 'commit', zxid: zxidOf(1, 6) });
    near.flush();
    await done;
    expect(Buffer.concat(taken).toString('latin1', 0, 10)).toBe('0123456789');
    expect(ear.zxids).toEqual([zxidOf(1, 5), zxidOf(1, 6)]);
  });

  it('ends when it brings garbage, and says what was wrong', async () => {
    nearSocket.write(Buffer.alloc(100, 0xee));
    expect(await ear.closed).toMatch(/expected a number/);
  });

  it('ends when it brings a packet over the bound', async () => {
    near.append(proposal(1, 200_000));
    near.flush();
    expect(await ear.closed).toMatch(/at most 100000 bytes/);
  });

  it('tells at once that the other end is gone', async () => {
    nearSocket.destroy();
    expect(await ear.closed).toBeUndefined();
  });
});

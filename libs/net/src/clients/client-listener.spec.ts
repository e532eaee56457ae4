import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClientListener } from './client-listener.js';
import { type ClientLimits, DEFAULT_CLIENT_LIMITS } from './limits.js';
import { EchoHandler, frameOf, GOODBYE, LoopbackClient, OFFENCE } from './loopback.fake.js';

/** Everything that a test opens, so that it ends with the test. */
const opened: { listeners: ClientListener[]; clients: LoopbackClient[] } = { listeners: [], clients: [] };

afterEach(async () => {
  for (const { socket } of opened.clients) socket.destroy();
  await Promise.all(opened.listeners.map((listener) => listener.close()));
  opened.listeners = [];
  opened.clients = [];
});

class Stage {
  readonly listener: ClientListener;
  readonly handlers: EchoHandler[] = [];
  readonly logLines: string[] = [];
  readonly #newHandlers: ((handler: EchoHandler) => void)[] = [];

  private constructor(limits: Partial<ClientLimits>) {
    const options = { host: '127.0.0.1', port: 0, limits: { ...DEFAULT_CLIENT_LIMITS, ...limits } };
    this.listener = new ClientListener(options, (level, message, fields) => {
      this.logLines.push(`${level}: ${message}: ${String(fields?.reason)}`);
    });
  }

  static async open(limits: Partial<ClientLimits> = {}): Promise<Stage> {
    const stage = new Stage(limits);
    await stage.listener.listen({
      logger: () => undefined,
      open: (connection) => {
        const handler = new EchoHandler(connection, stage.listener.flush);
        stage.handlers.push(handler);
        stage.#newHandlers.shift()?.(handler);
        return handler;
      },
      answerFourLetterWord: (word) => (word === 'ruok' ? 'imok' : undefined),
    });
    opened.listeners.push(stage.listener);
    return stage;
  }

  async connect(options?: Parameters<typeof LoopbackClient.to>[1]): Promise<LoopbackClient> {
    const client = await LoopbackClient.to(this.listener.port, options);
    opened.clients.push(client);
    return client;
  }

  /** A client whose connection was accepted, and its handler. */
  async accepted(options?: Parameters<typeof LoopbackClient.to>[1]): Promise<[LoopbackClient, EchoHandler]> {
    const handler = new Promise<EchoHandler>((resolve) => this.#newHandlers.push(resolve));
    return [await this.connect(options), await handler];
  }
}

describe('frames', () => {
  const texts = ['first frame', 'x'.repeat(70_000), '', 'last'];
  const stream = Buffer.concat(texts.map(frameOf));

  it('come out as they went in when they arrive together', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.write(stream);
    expect(await client.frames(4)).toEqual(texts);
    expect(handler.frames).toEqual(texts);
  });

  it.each([1, 2, 3, 4, 5, 7, 14, 15, 16, 19, 70_018, 70_019, 70_023, 70_026])(
    'come out the same when cut after byte %i',
    async (at) => {
      const stage = await Stage.open();
      const [client, handler] = await stage.accepted();
      await client.send(stream.subarray(0, at));
      client.socket.write(stream.subarray(at));
      expect(await client.frames(4)).toEqual(texts);
      expect(handler.frames).toEqual(texts);
    },
  );

  it('come out the same when every byte is sent alone', async () => {
    const stage = await Stage.open();
    const [client] = await stage.accepted();
    const bytes = Buffer.concat([frameOf('one'), frameOf('two')]);
    for (const byte of bytes) await client.send(Buffer.of(byte));
    expect(await client.frames(2)).toEqual(['one', 'two']);
  });

  it('stay what they were for who keeps them while others arrive', async () => {
    const stage = await Stage.open();
    const [first, firstHandler] = await stage.accepted();
    first.socket.write(frameOf('one'));
    await first.frames(1);
    const [second] = await stage.accepted();
    second.socket.write(frameOf('two'));
    await second.frames(1);
    expect(String(firstHandler.kept)).toBe('one');
  });

  it('are counted in bytes, both ways', async () => {
    const stage = await Stage.open();
    const [client] = await stage.accepted();
    client.socket.write(frameOf('12345'));
    await client.frames(1);
    expect(stage.listener.traffic).toMatchObject({ bytesReceived: 9, bytesSent: 9, connectionsDropped: 0 });
  });

  it.each([
    ['negative', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['over the limit', Buffer.from([0, 0, 4, 1])],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('whose length is %s end the connection, with a log line', async (_what, bytes) => {
    const stage = await Stage.open({ frameSizeBytesMax: 1024 });
    const [client] = await stage.accepted();
    client.socket.write(bytes);
    expect(await client.closed()).toHaveLength(0);
    expect(stage.listener.traffic.connectionsDropped).toBe(1);
    expect(stage.logLines).toEqual([expect.stringMatching(/^warn: connection dropped: frame length/u)]);
  });

  it('of exactly the limit are taken', async () => {
    const stage = await Stage.open({ frameSizeBytesMax: 1024 });
    const [client] = await stage.accepted();
    client.socket.write(frameOf('y'.repeat(1024)));
    expect(await client.frames(1)).toHaveLength(1);
  });

  it('before an offence are answered, it and those behind it are not', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.write(Buffer.concat([frameOf('before'), frameOf(OFFENCE), frameOf('behind')]));
    await client.closed();
    expect(await client.frames(1)).toEqual(['before']);
    await handler.closed;
    expect(handler.frames).toEqual(['before']);
    expect(stage.logLines).toEqual(['warn: connection dropped: the client has broken the protocol']);
  });

  it('of one chunk make one turn, and one piece of output', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.write(Buffer.concat([frameOf('a'), frameOf('b'), frameOf('c')]));
    await client.frames(3);
    expect(handler.turns).toBe(1);
  });
});

describe('four-letter words', () => {
  it('are answered, and the connection ends', async () => {
    const stage = await Stage.open();
    const client = await stage.connect();
    client.socket.write('ruok');
    expect(String(await client.closed())).toBe('imok');
  });

  it('may come in pieces', async () => {
    const stage = await Stage.open();
    const client = await stage.connect();
    for (const letter of 'ruok') await client.send(letter);
    expect(String(await client.closed())).toBe('imok');
  });

  it('are answered once, whatever comes behind them', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.write('ruokruok');
    expect(String(await client.closed())).toBe('imok');
    expect(handler.frames).toEqual([]);
  });

  it('are a length, and mostly too long a one, when nobody knows them', async () => {
    const stage = await Stage.open();
    const client = await stage.connect();
    client.socket.write('RUOK');
    expect(await client.closed()).toHaveLength(0);
    expect(stage.listener.traffic.connectionsDropped).toBe(1);
  });

  it('are nothing special behind the first frame', async () => {
    const stage = await Stage.open({ frameSizeBytesMax: 0x7fff_ffff });
    const [client, handler] = await stage.accepted();
    client.socket.write(Buffer.concat([frameOf('hello'), frameOf('ruok')]));
    expect(await client.frames(2)).toEqual(['hello', 'ruok']);
    expect(handler.frames).toEqual(['hello', 'ruok']);
  });
});

describe('limits', () => {
  it('turn away who is over the number from one address, with a log line', async () => {
    const stage = await Stage.open({ connectionsPerAddressMax: 2 });
    await stage.accepted();
    await stage.accepted();
    const third = await stage.connect();
    expect(await third.closed()).toHaveLength(0);
    expect(stage.handlers).toHaveLength(2);
    expect(stage.listener.traffic).toMatchObject({ connectionsRejected: 1, connectionsDropped: 0 });
    expect(stage.logLines).toEqual(['warn: connection rejected: 2 from this address']);
  });

  it('turn away who is over the number in all', async () => {
    const stage = await Stage.open({ connectionsMax: 1, connectionsPerAddressMax: 0 });
    await stage.accepted();
    const second = await stage.connect();
    expect(await second.closed()).toHaveLength(0);
    expect(stage.logLines).toEqual(['warn: connection rejected: 1 connections in all']);
  });

  it('give the place of one that has gone to the next', async () => {
    const stage = await Stage.open({ connectionsPerAddressMax: 1 });
    const [first, handler] = await stage.accepted();
    first.socket.destroy();
    await handler.closed;
    const [next] = await stage.accepted();
    next.socket.write(frameOf('in'));
    expect(await next.frames(1)).toEqual(['in']);
  });

  it('of 0 are none', async () => {
    const stage = await Stage.open({ connectionsPerAddressMax: 0, connectionsMax: 0 });
    for (let count = 0; count < 70; count += 1) await stage.accepted();
    expect(stage.handlers).toHaveLength(70);
  });

  it('on the time of the handshake end a connection that says nothing, or not enough, and spare one that has said it', async () => {
    const stage = await Stage.open({ handshakeTimeoutMs: 30 });
    const [greeted, greetedHandler] = await stage.accepted();
    greeted.socket.write(frameOf('hello'));
    await greetedHandler.taken(1);
    const [silent] = await stage.accepted();
    const [slow] = await stage.accepted();
    slow.socket.write(frameOf('half a handshake').subarray(0, 9));
    await Promise.all([silent.closed(), slow.closed()]);
    expect(stage.logLines).toEqual(Array.from({ length: 2 }, () => 'warn: connection dropped: no handshake in time'));
    greeted.socket.write(frameOf('still here'));
    expect(await greeted.frames(2)).toEqual(['hello', 'still here']);
  });
});

describe('a client that does not read', () => {
  const limits = { unsentBytesPause: 64 * 1024, unsentBytesMax: 1024 * 1024 * 1024, closeTimeoutMs: 30 };
  const PIECE = 'z'.repeat(1024 * 1024);
  /** More than any kernel takes in for a reader that sleeps. */
  const PIECES = 48;

  const flood = (handler: EchoHandler, stage: Stage): void => {
    for (let piece = 0; piece < PIECES; piece += 1) {
      handler.say(PIECE);
      stage.listener.flush();
    }
  };

  it('is not read from while much is unsent, and is again when it has caught up', async () => {
    const stage = await Stage.open(limits);
    const [client, handler] = await stage.accepted({ reads: false });
    client.socket.write(frameOf('first'));
    await handler.taken(1);
    flood(handler, stage);
    expect([handler.connection.isFull, handler.drains]).toEqual([true, 0]);
    await client.send(frameOf('second'));
    // Another connection's whole round trip: the loop has looked at every socket meanwhile.
    const [other] = await stage.accepted();
    other.socket.write(frameOf('other'));
    await other.frames(1);
    expect(handler.frames).toEqual(['first']);
    client.read();
    await handler.taken(2);
    expect(handler.frames).toEqual(['first', 'second']);
    expect([handler.connection.isFull, handler.drains]).toEqual([false, 1]);
  });

  it('is full as soon as much is appended, and tells when it has gone', async () => {
    const stage = await Stage.open(limits);
    const [client, handler] = await stage.accepted();
    handler.say(PIECE);
    expect(handler.connection.isFull).toBe(true);
    stage.listener.flush();
    await client.frames(1);
    await handler.drained(1);
    expect(handler.connection.isFull).toBe(false);
  });

  it('is given up when still more is to be sent to it', async () => {
    const stage = await Stage.open({ ...limits, unsentBytesMax: 1024 * 1024 });
    const [, handler] = await stage.accepted({ reads: false });
    flood(handler, stage);
    await handler.closed;
    expect(stage.listener.traffic.connectionsDropped).toBe(1);
    expect(stage.listener.traffic.bytesSent).toBeLessThan(PIECES * PIECE.length);
    expect(stage.logLines).toEqual([
      expect.stringMatching(/^warn: connection dropped: the client leaves \d+ bytes unread$/u),
    ]);
  });

  it('is given up when it has taken nothing for long, though nothing more is to be sent', async () => {
    const stage = await Stage.open({ ...limits, stallTimeoutMs: 30 });
    const [, handler] = await stage.accepted({ reads: false });
    flood(handler, stage);
    await handler.closed;
    expect(stage.logLines).toEqual([
      expect.stringMatching(/^warn: connection dropped: the client takes none of the \d+ bytes/u),
    ]);
  });

  it('is not waited for when the connection is to end', async () => {
    const stage = await Stage.open(limits);
    const [, handler] = await stage.accepted({ reads: false });
    flood(handler, stage);
    handler.connection.close();
    stage.listener.flush();
    await handler.closed;
  });
});

describe('the end of a connection', () => {
  it('comes after the answers, when the client has half-closed', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted({ allowHalfOpen: true });
    client.socket.end(Buffer.concat([frameOf('one'), frameOf('two')]));
    await once(client.socket, 'end');
    expect(await client.frames(2)).toEqual(['one', 'two']);
    await handler.closed;
    expect(handler.ended).toBe(true);
  });

  it('comes after the answers, when the member ends it; what comes later is not taken in', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.write(Buffer.concat([frameOf('one'), frameOf(GOODBYE), frameOf('late')]));
    await client.closed();
    expect(await client.frames(2)).toEqual(['one', GOODBYE]);
    await handler.closed;
    expect(handler.frames).toEqual(['one', GOODBYE]);
    expect(stage.listener.traffic.connectionsDropped).toBe(0);
  });

  it('does not wait for a client that keeps its own side open', async () => {
    const stage = await Stage.open({ closeTimeoutMs: 600_000 });
    const [client, handler] = await stage.accepted({ allowHalfOpen: true });
    client.socket.write(frameOf(GOODBYE));
    await handler.closed;
    expect(await client.frames(1)).toEqual([GOODBYE]);
  });

  it('by the client is told once', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.destroy();
    await handler.closed;
    handler.say('to nobody');
    stage.listener.flush();
    expect(stage.listener.traffic.bytesSent).toBe(0);
  });

  it('leaves other connections as they are', async () => {
    const stage = await Stage.open();
    const [first, firstHandler] = await stage.accepted();
    const [second] = await stage.accepted();
    first.socket.write(frameOf(OFFENCE));
    await firstHandler.closed;
    second.socket.write(frameOf('fine'));
    expect(await second.frames(1)).toEqual(['fine']);
  });
});

describe('reading', () => {
  it('stops when the member asks, and goes on when it asks again', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    client.socket.write(frameOf('one'));
    await handler.taken(1);
    handler.connection.pauseReading();
    await client.send(frameOf('two'));
    const [other] = await stage.accepted();
    other.socket.write(frameOf('other'));
    await other.frames(1);
    expect(handler.frames).toEqual(['one']);
    handler.connection.resumeReading();
    await handler.taken(2);
    expect(handler.frames).toEqual(['one', 'two']);
  });
});

describe('the listener', () => {
  it('tells the port that it got', async () => {
    const stage = await Stage.open();
    expect(stage.listener.port).toBeGreaterThan(0);
  });

  it('fails to start on a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const listener = new ClientListener({ host: '127.0.0.1', port, limits: DEFAULT_CLIENT_LIMITS }, () => undefined);
    const ports = { logger: () => undefined, open: () => new EchoHandler(undefined as never, () => undefined) };
    await expect(listener.listen({ ...ports, answerFourLetterWord: () => undefined })).rejects.toThrow('EADDRINUSE');
    server.close();
  });

  it('tells the member where a client is', async () => {
    const stage = await Stage.open();
    const [client, { connection }] = await stage.accepted();
    expect([connection.remoteAddress, connection.remotePort]).toEqual(['127.0.0.1', client.socket.localPort]);
    expect(connection.name).toBe(`127.0.0.1:${String(client.socket.localPort)}`);
  });

  it('takes no more connections once told so, and serves those it has', async () => {
    const stage = await Stage.open();
    const [client] = await stage.accepted();
    const { port } = stage.listener;
    stage.listener.stopAccepting();
    await expect(LoopbackClient.to(port)).rejects.toThrow('ECONNREFUSED');
    client.socket.write(frameOf('still served'));
    expect(await client.frames(1)).toEqual(['still served']);
  });

  it('sends what is due before it closes', async () => {
    const stage = await Stage.open();
    const [client, handler] = await stage.accepted();
    handler.say('last words');
    await stage.listener.close();
    await client.closed();
    expect(await client.frames(1)).toEqual(['last words']);
  });

  it('closes when it was told to accept no more and nobody is left', async () => {
    const stage = await Stage.open();
    stage.listener.stopAccepting();
    await stage.listener.close();
    await stage.listener.close();
  });
});

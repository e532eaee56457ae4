import type { Socket } from 'node:net';
import type { ServerId } from '@corral/primitives';
import type { ElectionHello, Notification } from '@corral/zab';
import {
  FrameSplitter,
  readElectionHello,
  readNotification,
  RecordReader,
  RecordStream,
  RecordWriter,
  writeElectionHello,
  writeNotification,
} from '@corral/wire';
import { plainAddress } from './peer-endpoint.js';
import type { PeerLimits } from './peer-limits.js';

/** Long enough for the longest hello that ZooKeeper sends. */
const HELLO_BYTES_MAX = 4096;

/** What a link tells its owner. */
export interface ElectionLinkHandler {
  readonly onHello: (link: ElectionLink, hello: ElectionHello) => void;
  readonly onNotification: (link: ElectionLink, notification: Notification) => void;
  /** The connection is gone; `fault` is what the peer did wrong, if it did. */
  readonly onClosed: (link: ElectionLink, fault: string | undefined) => void;
}

/** One connection between two members on the election port: a hello from whoever opened it, then notifications both ways. */
export class ElectionLink {
  /** Who is at the other end; unknown until its hello where it opened the connection. */
  peer: ServerId | undefined;
  /** Whether a notification has come. */
  wasHeard = false;
  readonly remoteHost: string;
  readonly #socket: Socket;
  readonly #handler: ElectionLinkHandler;
  readonly #splitter: FrameSplitter;
  readonly #reader = new RecordReader();
  readonly #writer = new RecordWriter(256);
  #hello: RecordStream | undefined;
  #fault: string | undefined;

  /** `peer` is given when this side opened the connection. */
  constructor(socket: Socket, limits: PeerLimits, handler: ElectionLinkHandler, peer?: ServerId) {
    this.#socket = socket;
    this.#handler = handler;
    this.peer = peer;
    this.remoteHost = plainAddress(socket.remoteAddress);
    this.#splitter = new FrameSplitter(limits.notificationBytesMax);
    if (peer === undefined) {
      this.#hello = new RecordStream(HELLO_BYTES_MAX);
      socket.setTimeout(limits.connectTimeoutMs, () => {
        this.#fail('it does not say which member it is');
      });
    }
    socket.on('data', (chunk: Buffer) => {
      this.#received(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      handler.onClosed(this, this.#fault);
    });
    socket.resume();
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#fault === undefined;
  }

  #received(chunk: Buffer): void {
    if (!this.isOpen) return;
    try {
      if (this.#hello === undefined) this.#takeFrames(chunk);
      else this.#takeHello(this.#hello, chunk);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #takeHello(stream: RecordStream, chunk: Buffer): void {
    stream.push(chunk);
    const hello = stream.read(readElectionHello);
    if (hello === undefined) return;
    this.#hello = undefined;
    this.#socket.setTimeout(0);
    this.peer = hello.serverId;
    this.#handler.onHello(this, hello);
    this.#takeFrames(stream.takeRest());
  }

  #takeFrames(chunk: Buffer): void {
    this.#splitter.push(chunk, (buffer, start, end) => {
      if (!this.isOpen) return;
      const notification = readNotification(this.#reader.reset(buffer, start, end));
      this.wasHeard = true;
      this.#handler.onNotification(this, notification);
    });
  }

  /** A peer that sends garbage is cut off. */
  #fail(fault: string): void {
    this.#fault = fault;
    this.#socket.destroy();
  }

  sendHello(hello: ElectionHello): void {
    this.#writer.clear();
    writeElectionHello(this.#writer, hello);
    this.#write();
  }

  send(notification: Notification): void {
    this.#writer.clear();
    const at = this.#writer.beginFrame();
    writeNotification(this.#writer, notification);
    this.#writer.endFrame(at);
    this.#write();
  }

  #write(): void {
    this.#socket.write(Buffer.from(this.#writer.buffer.subarray(0, this.#writer.length)));
  }

  /** Ends the connection; what was sent still goes out. */
  end(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

import type { Zxid } from '@corral/primitives';
import type { IncomingTree, PeerLink } from './ports.js';

/** What an intake tells. */
export interface SnapshotIntakePorts {
  /** All of it is here and in a tree of its own; `rest` came behind it. */
  readonly arrived: (tree: IncomingTree, rest: Buffer) => void;
  /** It is no tree, or cannot be stored. */
  readonly failed: (error: Error) => void;
}

/** Takes a tree from a link, as fast as it can be stored. */
export class SnapshotIntake {
  readonly zxid: Zxid;
  readonly #link: PeerLink;
  readonly #tree: IncomingTree;
  readonly #ports: SnapshotIntakePorts;
  #isOver = false;

  constructor(link: PeerLink, zxid: Zxid, tree: IncomingTree, ports: SnapshotIntakePorts) {
    this.#link = link;
    this.zxid = zxid;
    this.#tree = tree;
    this.#ports = ports;
  }

  /** Begins. */
  start(): void {
    this.#link.takeBytes((chunk) => {
      this.#take(chunk);
    });
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    let rest: Buffer | undefined;
    try {
      rest = this.#tree.push(chunk);
    } catch (error) {
      this.abandon();
      this.#ports.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (rest !== undefined) {
      this.#isOver = true;
      // What comes now waits until the tree is in its place.
      this.#link.pauseReading();
      this.#ports.arrived(this.#tree, Buffer.from(rest));
    }
  }

  /** Stops: the link is gone. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    void this.#tree.abandon();
  }
}

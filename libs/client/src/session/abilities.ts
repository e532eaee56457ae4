import { OpCode } from '@corral/model';
import { formatHost } from './connect-string.js';
import type { Dialer } from './dialer.js';

/** Operations that older servers lack, and that the client can do without. */
const OPTIONAL: ReadonlySet<OpCode> = new Set([
  OpCode.create2,
  OpCode.createContainer,
  OpCode.removeWatches,
  OpCode.multiRead,
  OpCode.setWatches2,
  OpCode.addWatch,
]);

/** Operations that every server knows, from 3.4 on: when the connection breaks in the midst of one, that says nothing about it. */
const COMMON: ReadonlySet<OpCode> = new Set([
  OpCode.create,
  OpCode.delete,
  OpCode.exists,
  OpCode.getData,
  OpCode.setData,
  OpCode.getAcl,
  OpCode.setAcl,
  OpCode.getChildren,
  OpCode.getChildren2,
  OpCode.sync,
  OpCode.multi,
  OpCode.auth,
  OpCode.setWatches,
  OpCode.closeSession,
]);

/** A connection may break in the midst of any operation, by chance; so often in the midst of the same one, that was the answer. */
const HANG_UPS_MAX = 3;

/**
 * Which servers were found to lack which operations, so that each is asked once. A server that lacks one says so and hangs up, or hangs
 * up without a word.
 */
export class Abilities {
  readonly #dialer: Dialer;
  readonly #lacking = new Set<string>();
  /** How often a server has hung up when the answer to an operation was due that it never answered. */
  readonly #hangUps = new Map<string, number>();

  /** The server at hand is the one that was dialed last. */
  constructor(dialer: Dialer) {
    this.#dialer = dialer;
  }

  /** The server at hand has called the operation unimplemented. Says whether the client can do without, and then stays with this server. */
  isMissing(type: OpCode): boolean {
    if (!OPTIONAL.has(type)) return false;
    this.#lacking.add(this.#keyOf(type));
    this.#dialer.again();
    return true;
  }

  /** Whether the server at hand is known to lack the operation. */
  lacks(type: OpCode): boolean {
    return this.#lacking.size > 0 && this.#lacking.has(this.#keyOf(type));
  }

  /** Whether the server at hand has persistent watches, as far as is known. */
  get hasPersistentWatches(): boolean {
    return !this.lacks(OpCode.addWatch) && !this.lacks(OpCode.setWatches2);
  }

  /** The server at hand has answered the operation, be it with an error. */
  answered(type: OpCode): void {
    if (this.#hangUps.size > 0) this.#hangUps.delete(this.#keyOf(type));
  }

  /**
   * The server at hand has hung up when the answer to this operation was due. Says whether that means that it does not know it; where it
   * may mean that, the same server is dialed again.
   */
  hungUpAt(type: OpCode): boolean {
    if (COMMON.has(type)) return false;
    this.#dialer.again();
    const key = this.#keyOf(type);
    const count = (this.#hangUps.get(key) ?? 0) + 1;
    this.#hangUps.set(key, count);
    if (count < HANG_UPS_MAX) return false;
    this.isMissing(type);
    return true;
  }

  #keyOf(type: OpCode): string {
    const { address } = this.#dialer;
    return `${address === undefined ? '' : formatHost(address)} ${type}`;
  }
}

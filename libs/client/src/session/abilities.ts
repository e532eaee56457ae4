import { OpCode } from '@corral/model';
import { formatHost } from './connect-string.js';
import type { HostAddress } from '../ports/transport.js';

/** Operations that older servers lack, and that the client can do without. A server that lacks one says so and hangs up. */
const OPTIONAL: ReadonlySet<OpCode> = new Set([
  OpCode.create2,
  OpCode.createContainer,
  OpCode.removeWatches,
  OpCode.multiRead,
  OpCode.setWatches2,
  OpCode.addWatch,
]);

/** Which servers were found to lack which operations, so that each is asked once. */
export class Abilities {
  readonly #lacking = new Map<string, Set<OpCode>>();

  /** A server has called the operation unimplemented. Says whether the client can do without. */
  isMissing(address: HostAddress, type: OpCode): boolean {
    if (!OPTIONAL.has(type)) return false;
    const key = formatHost(address);
    const lacking = this.#lacking.get(key) ?? new Set();
    this.#lacking.set(key, lacking.add(type));
    return true;
  }

  /** Whether this server is known to lack the operation. */
  lacks(address: HostAddress | undefined, type: OpCode): boolean {
    return address !== undefined && this.#lacking.get(formatHost(address))?.has(type) === true;
  }
}

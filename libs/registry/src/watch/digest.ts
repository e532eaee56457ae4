import { hash32 } from '../hash.js';
import type { ServiceInstance } from '../instance/instance.js';

/**
 * The digest of a set of instances: the sum of the hashes of its members, so that it is kept current by adding and subtracting, and does
 * not depend on the order in which they came. 64 bits, as two halves.
 */
export class Digest {
  readonly #hashes = new Map<string, readonly [number, number]>();
  #low = 0;
  #high = 0;

  /** The instance is as it is now; `undefined`: it is gone. */
  put(id: string, instance: ServiceInstance | undefined): void {
    const previous = this.#hashes.get(id);
    if (previous !== undefined) this.#add(-previous[0], -previous[1]);
    if (instance === undefined) {
      this.#hashes.delete(id);
      return;
    }
    const text = JSON.stringify(instance);
    const hashes = [hash32(text), hash32(`high:${text}`)] as const;
    this.#hashes.set(id, hashes);
    this.#add(...hashes);
  }

  #add(low: number, high: number): void {
    this.#low = (this.#low + low) >>> 0;
    this.#high = (this.#high + high) >>> 0;
  }

  toString(): string {
    return hex(this.#high) + hex(this.#low);
  }
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0');
}

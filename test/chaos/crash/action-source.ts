/** Draws the actions of one writer: about a third of them are refused on purpose. */
import type { Prng } from '../../prng.js';
import type { Action, SimpleAction } from './actions.js';
import type { ExpectedTree } from './expected-tree.js';

const NAMES = 40;
const EPHEMERAL_NAMES = 10;

/** Draws actions for the part of the tree under `base`, in view of what the earlier ones will have done. */
export class ActionSource {
  readonly #base: string;
  readonly #prng: Prng;
  #count = 0;

  constructor(base: string, prng: Prng) {
    this.#base = base;
    this.#prng = prng;
  }

  /** The next action; `tree` is as if all earlier ones had been executed. */
  next(tree: ExpectedTree, deletableSequential: readonly (readonly [data: string, path: string])[]): Action {
    this.#count += 1;
    const draw = this.#prng.below(100);
    if (draw < 10) return { kind: 'create-sequential', parent: `${this.#base}/q`, data: this.#data() };
    if (draw < 13 && deletableSequential.length > 0) {
      const [data, path] = this.#prng.pick(deletableSequential);
      return { kind: 'delete-sequential', data, path };
    }
    if (draw < 30) return { kind: 'multi', parts: this.#parts(tree) };
    return this.#simple(tree);
  }

  #parts(tree: ExpectedTree): SimpleAction[] {
    const parts = Array.from({ length: 2 + this.#prng.below(4) }, () => this.#simple(tree));
    if (this.#prng.chance(0.3)) parts.push({ kind: 'check', path: `${this.#base}/missing`, version: -1 });
    return parts;
  }

  #simple(tree: ExpectedTree): SimpleAction {
    const ephemeral = this.#prng.chance(0.15);
    const path = ephemeral
      ? `${this.#base}/e${this.#prng.below(EPHEMERAL_NAMES)}`
      : `${this.#base}/n${this.#prng.below(NAMES)}`;
    const node = tree.nodes.get(path);
    if (node === undefined && this.#prng.chance(0.8)) return { kind: 'create', path, data: this.#data(), ephemeral };
    const version = this.#version(node?.version ?? 0);
    const draw = this.#prng.below(10);
    if (draw < 6) return { kind: 'set', path, data: this.#data(), version };
    if (draw < 9) return { kind: 'delete', path, version };
    return { kind: 'create', path, data: this.#data(), ephemeral };
  }

  #version(current: number): number {
    const draw = this.#prng.below(10);
    if (draw < 5) return current;
    return draw < 8 ? -1 : current + 1 + this.#prng.below(3);
  }

  /** Unique data, mostly small; now and then some pages or a hundred kilobytes, so that writes can be torn. */
  #data(): string {
    const draw = this.#prng.below(1000);
    const size = draw < 950 ? this.#prng.below(200) : draw < 998 ? 1_000 + this.#prng.below(12_000) : 100_000;
    return `${this.#base}:${this.#count}:${this.#prng.below(1e9)}:${'x'.repeat(size)}`;
  }
}

/** What arrives while a reader has paused waits here, and is taken in its order once the reader goes on. */
export class HeldInput {
  readonly #defer: (run: () => void) => void;
  #isPaused = false;
  readonly #held: (() => void)[] = [];

  constructor(defer: (run: () => void) => void) {
    this.#defer = defer;
  }

  /** Takes something in, now or behind what waits. */
  take(run: () => void): void {
    if (this.#isPaused || this.#held.length > 0) this.#held.push(run);
    else run();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#defer(() => {
      while (!this.#isPaused && this.#held.length > 0) this.#held.shift()!();
    });
  }
}

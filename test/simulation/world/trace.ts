/** What happened, line by line. It is kept only when somebody wants to read it; lines are made only then. */
export class Trace {
  readonly lines: string[] = [];
  readonly #isOn: boolean;
  readonly #nowMs: () => number;

  constructor(isOn: boolean, nowMs: () => number) {
    this.#isOn = isOn;
    this.#nowMs = nowMs;
  }

  add(line: () => string): void {
    if (this.#isOn) this.lines.push(`${this.#nowMs().toFixed(3).padStart(10)}  ${line()}`);
  }
}

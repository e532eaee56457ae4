/** A foreign program that does what it is told, a line each, and answers in lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProgramCommand } from './scripted-program.js';

/** Talks with the program over its input and output. */
export class Dialogue {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #readers = new Set<() => void>();
  #errors = '';

  constructor({ command, arguments: args }: ProgramCommand) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#child.stdin!.on('error', () => undefined);
    createInterface(this.#child.stdout!).on('line', (line) => {
      this.#lines.push(line);
      this.#tell();
    });
    this.#child.on('exit', () => {
      this.#tell();
    });
  }

  /** Tells the program to do something. */
  say(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** Waits for a line, that may have come already, and takes out all lines up to it. @throws when the program ends without it */
  async hear(wanted: string): Promise<string> {
    for (;;) {
      const at = this.#lines.indexOf(wanted);
      if (at >= 0) return this.#lines.splice(0, at + 1)[at]!;
      if (this.#child.exitCode !== null) {
        throw new Error(`the program ended without "${wanted}": ${this.#lines.join('\n')}\n${this.#errors}`);
      }
      await new Promise<void>((resolve) => this.#readers.add(resolve));
    }
  }

  /** Says one line and waits for another. */
  async ask(line: string, wanted: string): Promise<string> {
    this.say(line);
    return this.hear(wanted);
  }

  /** What came and was not heard; for messages of failed tests. */
  get unheard(): string {
    return [...this.#lines, this.#errors].join('\n');
  }

  /** Closes its input, at which it ends. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin!.end();
    await ended;
  }

  #tell(): void {
    for (const reader of [...this.#readers]) reader();
    this.#readers.clear();
  }
}

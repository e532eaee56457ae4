/** Runs a client program that prints a transcript, and restarts the server when the program asks for it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ControlledServer } from './controlled-server.js';

/** How to start a program; an argument `%direct` or `%cuttable` is replaced by that address of the server. */
export interface ProgramCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly timeoutMs: number;
  /** What the program reads; absent for one that talks with the runner instead. */
  readonly input?: string;
}

/** How a program ended and what it printed. */
export interface ProgramRun {
  readonly code: number | null;
  readonly transcript: readonly string[];
  readonly errors: string;
}

/** A line of a program that starts so is a request about the server, not transcript; it is answered on its input. */
const REQUEST_MARK = '!';

/** The same program with its standard error among its standard output, in the order in which it wrote both. */
export function withErrorsInTranscript(program: ProgramCommand): ProgramCommand {
  return {
    ...program,
    command: 'sh',
    arguments: ['-c', 'exec "$0" "$@" 2>&1', program.command, ...program.arguments],
  };
}

/** Runs the program against the server to its end. */
export function runScripted(program: ProgramCommand, server: ControlledServer): Promise<ProgramRun> {
  const child = spawn(
    program.command,
    program.arguments.map((argument) =>
      argument.replace('%direct', server.address).replace('%cuttable', server.cuttableAddress),
    ),
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  if (program.input !== undefined) child.stdin.end(program.input);
  const transcript: string[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // A program that has ended reads no answers; its exit code tells the rest.
  child.stdin.on('error', () => undefined);
  createInterface(child.stdout).on('line', (line) => {
    if (program.input !== undefined || !line.startsWith(REQUEST_MARK)) {
      transcript.push(line);
      return;
    }
    server.obey(line.slice(REQUEST_MARK.length)).then(
      () => child.stdin.write('done\n'),
      (error: unknown) => {
        errors += `${String(error)}\n`;
        child.kill('SIGKILL');
      },
    );
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      errors += `killed after ${program.timeoutMs} ms\n`;
      child.kill('SIGKILL');
    }, program.timeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, transcript, errors });
    });
  });
}

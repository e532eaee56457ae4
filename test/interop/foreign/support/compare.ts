/** The shape that the suites of our own client programs share: one run per server, judged alone and then together. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServerKind } from '../../harness/index.js';
import { ControlledServer } from './controlled-server.js';
import { runScripted, type ProgramCommand, type ProgramRun } from './scripted-program.js';

/** What a suite says about its program. */
export interface ComparedProgram {
  /** Builds the program and says how to start it. */
  readonly prepare: () => ProgramCommand;
  /** Further settings of both servers, by their names in `zoo.cfg`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Takes out of a transcript what may differ between runs. */
  readonly mask?: (transcript: readonly string[]) => readonly string[];
}

const STOP_TIMEOUT_MS = 60_000;

/** The reference may fail once for reasons of its own, such as a session that it forgets over a restart; Corral may not. */
const ATTEMPTS: Readonly<Record<ServerKind, number>> = { apache: 2, corral: 1 };

/** Declares the tests: the program meets its own expectations on each server, and says the same on both. */
export function itBehavesTheSameOnBothServers(program: ComparedProgram): void {
  const servers: ControlledServer[] = [];
  const runs = new Map<ServerKind, ProgramRun>();

  const runOn = async (kind: ServerKind, command: ProgramCommand): Promise<void> => {
    for (let attempt = 1; attempt <= ATTEMPTS[kind]; attempt += 1) {
      const server = await ControlledServer.start(kind, program.settings);
      servers.push(server);
      const run = await runScripted(command, server);
      runs.set(kind, run);
      if (run.code === 0) return;
    }
  };

  beforeAll(async () => {
    const command = program.prepare();
    // Both at once: the programs mostly wait.
    await Promise.all([runOn('apache', command), runOn('corral', command)]);
  }, 600_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
  }, STOP_TIMEOUT_MS);

  const transcriptOf = (kind: ServerKind): readonly string[] => {
    const transcript = runs.get(kind)?.transcript ?? [];
    return program.mask === undefined ? transcript : program.mask(transcript);
  };

  it.each<ServerKind>(['apache', 'corral'])('meets all its expectations on %s', (kind) => {
    const run = runs.get(kind);
    expect({
      code: run?.code,
      unmet: run?.transcript.filter(isUnmet),
      errors: run?.code === 0 ? '' : run?.errors,
    }).toEqual({
      code: 0,
      unmet: [],
      errors: '',
    });
  });

  it('says the same on both servers', () => {
    expect(transcriptOf('apache').length).toBeGreaterThan(10);
    expect(transcriptOf('corral')).toEqual(transcriptOf('apache'));
  });
}

/** Programs mark what they did not expect by words in capitals. */
function isUnmet(line: string): boolean {
  return /\b(WANTED|NOT MET|NO EVENT|NEVER)\b/.test(line);
}

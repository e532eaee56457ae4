import type { Coordinator } from '../server/coordinator.js';
import { connectionCommands } from './connection-commands.js';
import { independentCommands, serverCommands } from './server-commands.js';

/** How a command ended, in terms that the HTTP side turns into a status. */
export interface CommandOutcome {
  readonly kind: 'done' | 'unknown' | 'not-serving';
  readonly body: Readonly<Record<string, unknown>>;
}

const memberCommands = [...serverCommands, ...connectionCommands];

/** The names under which `/commands` lists them. */
export const commandNames: readonly string[] = [...independentCommands, ...memberCommands]
  .map((command) => command.names[0] ?? '')
  .sort();

/** Runs a command by any of its names. */
export function runCommand(name: string, coordinator: Coordinator, nowMs: number): CommandOutcome {
  const { facts, metrics, source } = coordinator;
  const independent = independentCommands.find(({ names }) => names.includes(name));
  if (independent !== undefined) return done(independent.names, independent.runAlone(facts));
  const command = memberCommands.find(({ names }) => names.includes(name));
  if (command === undefined) {
    return { kind: 'unknown', body: { command: name, error: `Unknown command: ${name}` } };
  }
  if (source === undefined) {
    const error = 'This ZooKeeper instance is not currently serving requests';
    return { kind: 'not-serving', body: { command: name, error } };
  }
  return done(command.names, command.run({ source, facts, metrics, nowMs }));
}

function done(names: readonly string[], fields: Readonly<Record<string, unknown>>): CommandOutcome {
  return { kind: 'done', body: { ...fields, command: names[0], error: null } };
}

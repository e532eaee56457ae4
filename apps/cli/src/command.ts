/** One command of `corral`. */
export interface Command {
  /** What stands behind the name on the usage line. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The text of `corral help <command>`, below usage and summary. */
  readonly details: string;
  /** Runs with the arguments behind the name; resolves with the exit code, or with `undefined` when something goes on running. */
  run(args: readonly string[], commands: CommandTable): Promise<number | undefined>;
}

/** Every command, by name, in the order of the help. A command is loaded when it is asked for, so none makes the others slower. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** What the exit code says. */
export const ExitCode = { ok: 0, failure: 1, usage: 2 } as const;

/** The command line makes no sense; the message says why, and how it would. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the command was asked for cannot be had; the message is all that a person needs, so no stack is shown. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
}

import type { Command } from './command.js';

/** Every command, by name, in the order of the help. A command is loaded when it is asked for, so none makes the others slower. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.js')).serve,
  version: async () => (await import('./commands/version.js')).version,
  help: async () => (await import('./commands/help.js')).help,
};

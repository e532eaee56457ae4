import type { CommandTable } from './command.js';

/** The commands of `corral`. */
export const commands: CommandTable = {
  serve: async () => (await import('./commands/serve.js')).serve,
  inspect: async () => (await import('./commands/inspect.js')).inspect,
  version: async () => (await import('./commands/version.js')).version,
  help: async () => (await import('./commands/help.js')).help,
};

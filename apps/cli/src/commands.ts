import type { CommandTable } from './command.js';

/** The commands of `corral`. */
export const commands: CommandTable = {
  serve: async () => (await import('./commands/serve.js')).serve,
  platform: async () => (await import('./commands/platform.js')).platform,
  token: async () => (await import('./commands/token.js')).token,
  inspect: async () => (await import('./commands/inspect.js')).inspect,
  version: async () => (await import('./commands/version.js')).version,
  help: async () => (await import('./commands/help.js')).help,
};

import type { CommandTable } from './command.js';

/** The commands of `corral`. */
export const commands: CommandTable = {
  serve: async () => (await import('./commands/serve.js')).serve,
  platform: async () => (await import('./commands/platform.js')).platform,
  token: async () => (await import('./commands/token.js')).token,
  status: async () => (await import('./commands/status.js')).status,
  health: async () => (await import('./commands/health.js')).health,
  ls: async () => (await import('./commands/ls.js')).ls,
  get: async () => (await import('./commands/get.js')).get,
  set: async () => (await import('./commands/set.js')).set,
  create: async () => (await import('./commands/create.js')).create,
  delete: async () => (await import('./commands/delete.js')).deleteCommand,
  stat: async () => (await import('./commands/stat.js')).stat,
  watch: async () => (await import('./commands/watch.js')).watch,
  inspect: async () => (await import('./commands/inspect.js')).inspect,
  export: async () => (await import('./commands/export.js')).exportCommand,
  version: async () => (await import('./commands/version.js')).version,
  help: async () => (await import('./commands/help.js')).help,
};

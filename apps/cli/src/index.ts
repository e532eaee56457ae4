export { CommandFailedError, type Command, ExitCode, UsageError } from './command.js';
export { run } from './run.js';

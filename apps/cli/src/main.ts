#!/usr/bin/env node
/** The `corral` command. */
import { run } from './run.js';

const exitCode = await run(process.argv.slice(2));
// Left alone, the process ends by itself once nothing runs any more; a server does not.
if (exitCode !== undefined) process.exitCode = exitCode;

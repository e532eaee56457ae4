import type { Client } from '@corral/client';
import { type Command, ExitCode } from '../command.js';
import { parseZnodeArguments, pathOf, SHARED_DETAILS, withClient } from '../with-client.js';

/** `corral watch PATH` */
export const watch: Command = {
  usage: 'PATH',
  summary: 'print a znode, now and whenever it changes',
  details: [
    'Goes on until Ctrl-C, also while the server is away. A znode that does not',
    'exist is waited for.',
    '',
    '  -r, --recursive      tell of every change below it instead, without data',
    SHARED_DETAILS,
  ].join('\n'),
  run: async (args) => {
    const parsed = parseZnodeArguments(args, { recursive: { type: 'boolean', short: 'r' } });
    const path = pathOf(parsed, 'watch');
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    process.stdout.once('error', () => stop.abort());
    await withClient(parsed, async (client) => {
      client.onState((state) => {
        if (state !== 'closed') console.error(`corral: ${state}`);
      });
      await (parsed.values['recursive'] === true ? events : values)(client, path, stop.signal);
    });
    return ExitCode.ok;
  },
};

async function values(client: Client, path: string, signal: AbortSignal): Promise<void> {
  for await (const node of client.watchData(path, { signal })) {
    console.log(node === undefined ? 'does not exist' : `version ${node.stat.version}: ${node.data.toString()}`);
  }
}

async function events(client: Client, path: string, signal: AbortSignal): Promise<void> {
  for await (const event of client.watchEvents(path, { recursive: true, signal })) {
    console.log(event.type === 'resync' ? 'watching' : `${event.type} ${event.path}`);
  }
}

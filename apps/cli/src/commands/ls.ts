import type { Client } from '@corral/client';
import { childPath } from '@corral/model';
import { type Command, ExitCode } from '../command.js';
import { printLines } from '../print-lines.js';
import { parseZnodeArguments, pathOf, SHARED_DETAILS, withClient } from '../with-client.js';

/** `corral ls [PATH]` */
export const ls: Command = {
  usage: '[PATH]',
  summary: "list a znode's children",
  details: ['  -r, --recursive      all znodes below, with their paths', SHARED_DETAILS].join('\n'),
  run: async (args) => {
    const parsed = parseZnodeArguments(args, { recursive: { type: 'boolean', short: 'r' } });
    const path = parsed.positionals.length === 0 ? '/' : pathOf(parsed, 'ls');
    const lines = await withClient(parsed, (client) =>
      parsed.values['recursive'] === true ? below(client, path) : client.children(path),
    );
    await printLines(lines);
    return ExitCode.ok;
  },
};

async function below(client: Client, path: string): Promise<string[]> {
  const children = (await client.children(path)).map((name) => childPath(path, name));
  const deeper = await Promise.all(children.map((child) => below(client, child)));
  return children.flatMap((child, index) => [child, ...(deeper[index] ?? [])]);
}

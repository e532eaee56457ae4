import { NoNodeError } from '@corral/client';
import type { Stat } from '@corral/model';
import { formatSessionId, formatZxid, NO_SESSION } from '@corral/primitives';
import { type Command, ExitCode } from '../command.js';
import { parseZnodeArguments, pathOf, SHARED_DETAILS, withClient } from '../with-client.js';

/** `corral stat PATH` */
export const stat: Command = {
  usage: 'PATH',
  summary: 'print what is known of a znode beside its data',
  details: SHARED_DETAILS,
  run: async (args) => {
    const parsed = parseZnodeArguments(args, {});
    const path = pathOf(parsed, 'stat');
    const found = await withClient(parsed, async (client) => {
      const answer = await client.exists(path);
      if (answer === undefined) throw new NoNodeError('stat', path);
      return answer;
    });
    for (const [name, value] of fieldsOf(found)) console.log(`${`${name}:`.padEnd(18)}${value}`);
    return ExitCode.ok;
  },
};

function fieldsOf(found: Stat): [string, string | number][] {
  return [
    ['created', `${new Date(found.ctimeMs).toISOString()} by ${formatZxid(found.czxid)}`],
    ['changed', `${new Date(found.mtimeMs).toISOString()} by ${formatZxid(found.mzxid)}`],
    ['children changed', `by ${formatZxid(found.pzxid)}`],
    ['version', found.version],
    ['children version', found.cversion],
    ['ACL version', found.aversion],
    // Of containers and TTLs a server does not say what they are.
    ['owner', found.ephemeralOwner === NO_SESSION ? 'none' : `session ${formatSessionId(found.ephemeralOwner)}`],
    ['bytes', found.dataLength],
    ['children', found.numChildren],
  ];
}

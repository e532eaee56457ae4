/** What must be true after a load, whatever happened meanwhile. */
import { RawClient } from '../client/raw-client.js';
import { ErrorCode, exists, getData, readData, sync } from '../client/requests.js';
import { differences, dumpOf } from './compare-members.js';
import { contradictions } from './history.js';
import type { Told } from './load.js';

/** Sentences about what is wrong; none when all is well. */
export async function verdictOn(told: Told, ports: readonly number[]): Promise<string[]> {
  return [
    ...contradictions(told.writes).slice(0, 5),
    ...(await lostCreations(told, ports[0]!)),
    ...(await lostWrites(told, ports[0]!)),
    ...(await unequalMembers(ports)),
  ];
}

async function lostCreations({ created }: Told, port: number): Promise<string[]> {
  const lost: string[] = [];
  await asClient(port, async (client) => {
    for (let at = 0; at < created.length; at += 500) {
      const some = created.slice(at, at + 500);
      const replies = await Promise.all(some.map((path) => client.request(exists(path))));
      replies.forEach(({ error }, index) => {
        if (error !== ErrorCode.ok) lost.push(`${some[index]!} was acknowledged and is not there (error ${error})`);
      });
    }
  });
  return lost.slice(0, 5);
}

async function lostWrites({ writes }: Told, port: number): Promise<string[]> {
  const newest = new Map<string, { version: number; value: string }>();
  for (const { register, value, version } of writes) {
    if (version > (newest.get(register)?.version ?? -1)) newest.set(register, { version, value });
  }
  const lost: string[] = [];
  await asClient(port, async (client) => {
    for (const [register, { version, value }] of newest) {
      const { data, stat } = readData((await client.request(getData(register))).body);
      const text = data.toString('utf8');
      if (stat.version < version || (stat.version === version && text !== value)) {
        lost.push(
          `${register}: ${value} was acknowledged as version ${version}, and now it is ${text}, version ${stat.version}`,
        );
      }
    }
  });
  return lost;
}

async function unequalMembers(ports: readonly number[]): Promise<string[]> {
  const [first, ...others] = await Promise.all(ports.map((port) => dumpOf(port)));
  return others.flatMap((dump, at) => {
    const paths = differences(first!, dump);
    if (paths.length === 0) return [];
    const [path = ''] = paths;
    const [one, other] = [first!.get(path) ?? 'nothing', dump.get(path) ?? 'nothing'];
    return [`members 1 and ${at + 2} differ at ${paths.length} paths, such as ${path}: ${one} and ${other}`];
  });
}

async function asClient(port: number, run: (client: RawClient) => Promise<void>): Promise<void> {
  const client = await RawClient.connect({ port });
  try {
    await client.request(sync('/'));
    await run(client);
  } finally {
    client.destroy();
  }
}

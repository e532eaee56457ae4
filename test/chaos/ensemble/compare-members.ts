/** Whether members hold the same, looked at through their client ports. */
import { RawClient } from '../client/raw-client.js';
import { ErrorCode, getChildren, getData, readChildren, sync } from '../client/requests.js';

/** Every znode below a path with data and stat as the wire has them. Each member's own znodes are left out. */
export async function dumpOf(port: number): Promise<Map<string, string>> {
  const client = await RawClient.connect({ port });
  try {
    await client.request(sync('/'));
    const found = new Map<string, string>();
    await walk(client, '/', found);
    // The root counts ZooKeeper's own znodes too, and those are the same everywhere.
    return found;
  } finally {
    client.destroy();
  }
}

async function walk(client: RawClient, path: string, found: Map<string, string>): Promise<void> {
  const [data, children] = await Promise.all([client.request(getData(path)), client.request(getChildren(path))]);
  if (data.error !== ErrorCode.ok || children.error !== ErrorCode.ok)
    throw new Error(`${path}: ${data.error}, ${children.error}`);
  found.set(path, data.body.toString('hex'));
  const names = readChildren(children.body).filter((name) => path !== '/' || name !== 'zookeeper');
  for (let at = 0; at < names.length; at += 200) {
    const some = names.slice(at, at + 200);
    await Promise.all(some.map((name) => walk(client, path === '/' ? `/${name}` : `${path}/${name}`, found)));
  }
}

/** The paths at which two dumps differ. */
export function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}

/** Reads a writer's part of the tree back from a server. */
import type { RawClient } from '../client/raw-client.js';
import { ErrorCode, getChildren, getData, readChildren, readData, type NodeStat } from '../client/requests.js';

/** A znode that the server returned. */
export interface ObservedNode {
  readonly data: string;
  readonly stat: NodeStat;
}

/** Everything that the server returned below a writer's base. */
export interface ObservedTree {
  /** The znodes with names of the writer's choice, by path. */
  readonly nodes: ReadonlyMap<string, ObservedNode>;
  /** The sequential znodes, by path. */
  readonly sequential: ReadonlyMap<string, ObservedNode>;
}

/** Reads a base and its queue. */
export async function observe(client: RawClient, base: string): Promise<ObservedTree> {
  const [nodes, sequential] = await Promise.all([readAll(client, base), readAll(client, `${base}/q`)]);
  nodes.delete(`${base}/q`);
  return { nodes, sequential };
}

async function readAll(client: RawClient, parent: string): Promise<Map<string, ObservedNode>> {
  const listing = await client.request(getChildren(parent));
  if (listing.error !== ErrorCode.ok) throw new Error(`getChildren ${parent}: error ${listing.error}`);
  const paths = readChildren(listing.body).map((name) => `${parent}/${name}`);
  const nodes = await Promise.all(
    paths.map(async (path) => {
      const reply = await client.request(getData(path));
      if (reply.error !== ErrorCode.ok) throw new Error(`getData ${path}: error ${reply.error}, though it is listed`);
      const { data, stat } = readData(reply.body);
      return [path, { data: data.toString('utf8'), stat }] as const;
    }),
  );
  return new Map(nodes);
}

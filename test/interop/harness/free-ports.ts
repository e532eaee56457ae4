/** Finds TCP ports on loopback that nobody listens on, inside a range that the caller owns. */
import { createServer } from 'node:net';

/** An inclusive range of ports. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The ports handed out by this process and not given back: a port that is free now may be promised already. */
const promised = new Set<number>();

/** Takes `count` different free ports of the range; `returnPorts` gives them back. */
export async function takeFreePorts(range: PortRange, count: number): Promise<number[]> {
  const size = range.last - range.first + 1;
  // Test files run in parallel processes; starting at different places makes them meet rarely.
  const offset = process.pid % size;
  const taken: number[] = [];
  for (let step = 0; step < size && taken.length < count; step += 1) {
    const port = range.first + ((offset + step) % size);
    if (promised.has(port)) continue;
    promised.add(port);
    if (await isFree(port)) taken.push(port);
    else promised.delete(port);
  }
  if (taken.length < count) {
    returnPorts(taken);
    throw new Error(`ports ${range.first}-${range.last}: fewer than ${count} are free`);
  }
  return taken;
}

/** Gives ports back that `takeFreePorts` handed out. */
export function returnPorts(ports: readonly number[]): void {
  for (const port of ports) promised.delete(port);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

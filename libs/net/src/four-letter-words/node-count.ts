import type { ServerFigures } from './report-source.js';

/** How many znodes ZooKeeper would say there are: it counts the root twice, and scripts compare the number between servers. */
export function zookeeperNodeCount({ znodeCount }: Pick<ServerFigures, 'znodeCount'>): number {
  return znodeCount + 1;
}

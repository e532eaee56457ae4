import { NoInstanceError, type Outcome, type Pick, type ServiceInstance } from '@corral/registry';
import { ServiceUnreachableError } from './client-errors.js';
import type { InstanceLink } from './instance-link.js';
import type { InstanceLinks } from './instance-links.js';

/** A chosen instance with an open connection. Whoever holds it finishes it, once. */
export interface Reached {
  readonly link: InstanceLink;
  /** `10.0.0.7:4100`, for errors. */
  readonly where: string;
  finish(outcome: Outcome): void;
}

/** How instances are chosen and connected to. */
export interface ReachOptions {
  readonly service: string;
  readonly links: InstanceLinks;
  /** How many are tried. Nothing was sent to one that cannot be connected to, so the next may be asked without doing anything twice. */
  readonly attemptsMax: number;
  readonly connectTimeoutMs: number;
  /** The next choice, none of those that were tried. @throws NoInstanceError */
  readonly pick: (tried: ReadonlySet<string>) => Pick;
  readonly portOf: (instance: ServiceInstance) => number | undefined;
}

/** Chooses an instance and connects to it, or to another when there is no connection. @throws NoInstanceError | ServiceUnreachableError */
export async function reach(options: ReachOptions): Promise<Reached> {
  const tried = new Map<string, string>();
  let cause: unknown;
  while (tried.size < options.attemptsMax) {
    const choice = choose(options, tried);
    if (choice === undefined) break;
    const { id, address } = choice.instance;
    const port = options.portOf(choice.instance);
    const where = `${address}:${port}`;
    tried.set(id, where);
    if (port === undefined) {
      cause = new Error(`${id} is registered without a port`);
      choice.done('failure');
      continue;
    }
    const { link, release } = options.links.borrow({ id, address, port });
    const finish = (outcome: Outcome): void => {
      choice.done(outcome);
      release();
    };
    try {
      await link.open(options.connectTimeoutMs);
      return { link, where, finish };
    } catch (error) {
      cause = error;
      finish('failure');
    }
  }
  throw new ServiceUnreachableError(options.service, [...tried.values()], { cause });
}

/** The next choice; undefined when all have been tried. */
function choose({ pick }: ReachOptions, tried: ReadonlyMap<string, string>): Pick | undefined {
  try {
    return pick(new Set(tried.keys()));
  } catch (error) {
    if (error instanceof NoInstanceError && tried.size > 0) return undefined;
    throw error;
  }
}

import { parentPath } from '@corral/model';
import { type ConfigClient, withSignal } from '../ensemble/client-port.js';
import type { MultiOperation } from '../ensemble/ops.js';
import { childrenOf, ensureZnode } from '../ensemble/parents.js';
import { TooLargeError } from '../errors.js';
import { describeScope, type Scope } from '../names.js';
import type { ContextZnodes } from './plan.js';
import type { Properties } from './properties-view.js';

/** Where Spring Cloud Zookeeper looks unless it is told otherwise (`spring.cloud.zookeeper.config.root`). */
export const SPRING_ROOT = '/config';
/** The context that every application reads (`default-context`). */
export const SHARED_CONTEXT = 'application';
/** Between a name and a profile (`profile-separator`). */
const SEPARATOR = ',';
/** Said in a context that a view writes. Spring takes the data of a context for no property. */
const MARK = 'Written by Corral from ';
const ZNODES_MAX = 20_000;
const OPERATIONS_MAX = 200;
const BATCH_BYTES_MAX = 512 * 1024;

/** A context as its name tells it. */
export interface SpringContext {
  readonly path: string;
  /** Absent: what all applications share. */
  readonly application: string | undefined;
  readonly profile: string | undefined;
}

/** Spring's znodes below one root: what they are called, what is in them, and how a context is changed. */
export class SpringLayout {
  readonly #client: ConfigClient;
  readonly root: string;

  constructor(client: ConfigClient, root: string = SPRING_ROOT) {
    this.#client = client;
    this.root = root;
  }

  /** The context of a scope and a profile. */
  contextOf({ application = SHARED_CONTEXT }: Scope, profile: string | undefined): string {
    return `${this.root}/${application}${profile === undefined ? '' : SEPARATOR + profile}`;
  }

  /** All contexts, in the order of their names. */
  async contexts(signal: AbortSignal | undefined): Promise<SpringContext[]> {
    const names = await childrenOf(this.#client, this.root, signal);
    return names.sort().map((name) => {
      const comma = name.indexOf(SEPARATOR);
      const application = comma < 0 ? name : name.slice(0, comma);
      return {
        path: `${this.root}/${name}`,
        application: application === SHARED_CONTEXT ? undefined : application,
        profile: comma < 0 ? undefined : name.slice(comma + SEPARATOR.length),
      };
    });
  }

  /** Every znode of a context. @throws TooLargeError */
  async znodesOf(context: string, signal: AbortSignal | undefined): Promise<ContextZnodes> {
    const found = new Map<string, string>();
    const open = [context];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const znode = await this.#client.getOrUndefined(path, withSignal(signal));
      if (znode === undefined) continue;
      found.set(path, znode.data.toString('utf8'));
      if (found.size > ZNODES_MAX) throw new TooLargeError(`number of znodes in ${context}`, found.size, ZNODES_MAX);
      const children = znode.stat.numChildren === 0 ? [] : await childrenOf(this.#client, path, signal);
      open.push(...children.map((child) => `${path}/${child}`));
    }
    return found;
  }

  /** Carries changes of a context out, as long as `guard` holds. Atomic as far as a multi reaches. */
  async change(
    context: string,
    changes: readonly MultiOperation[],
    guard: MultiOperation,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await ensureZnode(this.#client, parentPath(context), signal);
    for (const batch of batches(changes)) await this.#client.multi([guard, ...batch], withSignal(signal));
  }
}

/** The properties of a context, as Spring reads them: every znode with data, and those without data that have nothing below them. */
export function propertiesIn(context: string, znodes: ContextZnodes): Properties {
  const folders = new Set([...znodes.keys()].map(parentPath));
  const properties = [...znodes].filter(([path, data]) => path !== context && (data !== '' || !folders.has(path)));
  return new Map(properties.map(([path, data]) => [path.slice(context.length + 1).replaceAll('/', '.'), data]));
}

/** What a context says that is written from a scope. */
export function markOf(scope: Scope): string {
  return MARK + describeScope(scope);
}

/** From which scope a context is written, as `describeScope` says it; nothing when no view writes it. */
export function writtenFrom(data: string | undefined): string | undefined {
  return data?.startsWith(MARK) === true ? data.slice(MARK.length) : undefined;
}

/** Groups that a multi can take. All are needed in their order. */
function* batches(operations: readonly MultiOperation[]): Generator<MultiOperation[]> {
  let batch: MultiOperation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const size = operation.path.length + ('data' in operation ? (operation.data?.length ?? 0) : 0);
    if (batch.length > 0 && (batch.length >= OPERATIONS_MAX || bytes + size > BATCH_BYTES_MAX)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(operation);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

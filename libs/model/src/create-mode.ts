import { OpCode } from './op-code.js';

/** How a znode lives and how its name is completed. */
export interface CreateMode {
  readonly ephemeral: boolean;
  readonly sequential: boolean;
  readonly container: boolean;
  readonly ttl: boolean;
}

const mode = (ephemeral: boolean, sequential: boolean, container = false, ttl = false): CreateMode =>
  Object.freeze({ ephemeral, sequential, container, ttl });

/** By flag, as clients send it (ZooKeeper's CreateMode): the index is the flag. */
const MODES: readonly CreateMode[] = [
  mode(false, false),
  mode(true, false),
  mode(false, true),
  mode(true, true),
  mode(false, false, true),
  mode(false, false, false, true),
  mode(false, true, false, true),
];

/** The flags by name, for whoever builds a request. */
export const CreateFlag = {
  persistent: 0,
  ephemeral: 1,
  persistentSequential: 2,
  ephemeralSequential: 3,
  container: 4,
  persistentWithTtl: 5,
  persistentSequentialWithTtl: 6,
} as const;

/** The mode that a create request's flag stands for; nothing when the flag is unknown. */
export function createModeOf(flag: number): CreateMode | undefined {
  return MODES[flag];
}

/**
 * The operation that a create inside a multi is. ZooKeeper tells it from the flag, and forgets the type that the operation came with:
 * there is no create2 in a multi, and a flag that it does not know means a plain create.
 * When the answer is createTtl and the record has no TTL, or the other way round, the multi fails with a marshalling error.
 */
export function createTypeInMulti(
  flags: number,
): typeof OpCode.create | typeof OpCode.createContainer | typeof OpCode.createTtl {
  const known = createModeOf(flags);
  if (known?.ttl === true) return OpCode.createTtl;
  return known?.container === true ? OpCode.createContainer : OpCode.create;
}

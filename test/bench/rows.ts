/** The rows of the benchmark: the load of each, and the goal that it is held against. */

/** A goal of one figure, as a bound on Corral's own value or on its ratio to Apache's. */
export interface Goal {
  readonly kind: 'ratio-at-least' | 'ratio-at-most' | 'value-at-least' | 'value-at-most';
  readonly bound: number;
}

/** One load: the arguments of zkload, and what is asked of Corral under it. */
export interface LoadRow {
  readonly name: string;
  /** What the table calls it. */
  readonly title: string;
  /** Arguments of zkload besides the address, the duration and the process ids. */
  readonly zkloadArguments: readonly string[];
  /** Whether the rate counts notifications (fan-out) or operations. */
  readonly counts: 'operations' | 'notifications';
  /** The goal of the rate, if the row has one. */
  readonly rateGoal?: Goal;
  /** The goal of the median latency, if the row has one. */
  readonly p50Goal?: Goal;
}

const PIPELINED = ['-c', '15', '-w', '32', '-s', '100'];

/** Server CPU per operation: at most a quarter of Apache's in every load. */
export const CPU_GOAL: Goal = { kind: 'ratio-at-most', bound: 0.25 };

/** Every load, in the order of the table. */
export const LOAD_ROWS: readonly LoadRow[] = [
  {
    name: 'set',
    title: 'set',
    zkloadArguments: ['-m', 'set', ...PIPELINED],
    counts: 'operations',
    rateGoal: { kind: 'ratio-at-least', bound: 3 },
  },
  {
    name: 'create',
    title: 'create',
    zkloadArguments: ['-m', 'create', ...PIPELINED],
    counts: 'operations',
    rateGoal: { kind: 'ratio-at-least', bound: 3 },
  },
  {
    name: 'get',
    title: 'get',
    zkloadArguments: ['-m', 'get', ...PIPELINED],
    counts: 'operations',
    rateGoal: { kind: 'ratio-at-least', bound: 5 },
  },
  {
    name: 'mix',
    title: 'mix, 90 % reads',
    zkloadArguments: ['-m', 'mix', '-r', '90', ...PIPELINED],
    counts: 'operations',
    rateGoal: { kind: 'ratio-at-least', bound: 4 },
  },
  {
    name: 'single',
    title: 'one connection, one outstanding, set',
    zkloadArguments: ['-m', 'set', '-c', '1', '-w', '1', '-s', '100'],
    counts: 'operations',
    p50Goal: { kind: 'ratio-at-most', bound: 1 },
  },
  {
    name: 'fanout',
    title: 'fan-out, 1,000 watchers',
    zkloadArguments: ['-m', 'fanout', '-c', '1000', '-s', '100'],
    counts: 'notifications',
    rateGoal: { kind: 'ratio-at-least', bound: 4 },
  },
];

/** The names that `--only` takes for the loads. */
export const LOAD_ROW_NAMES: readonly string[] = LOAD_ROWS.map((row) => row.name);

/** Against three of Apache's members, on the same two cores. */
const ENSEMBLE_RATIOS: Readonly<Record<string, number>> = { set: 3, create: 3, get: 4, mix: 4 };

/** The loads of an ensemble of three, with the goals that are asked of it. */
export const ENSEMBLE_LOAD_ROWS: readonly LoadRow[] = LOAD_ROWS.filter(({ name }) => name !== 'fanout').map((row) => {
  const bound = ENSEMBLE_RATIOS[row.name];
  return bound === undefined ? row : { ...row, rateGoal: { kind: 'ratio-at-least', bound } };
});

/** The name that `--only` takes for the time from the loss of the leader to the next acknowledged write. */
export const FAILOVER_ROW_NAME = 'failover';

/** Milliseconds that are asked of Corral. */
export const FAILOVER_GOAL: Goal = { kind: 'value-at-most', bound: 150 };

/** The name that `--only` takes for a follower that comes back empty. */
export const CATCH_UP_ROW_NAME = 'catch-up';

export const CATCH_UP_GOAL: Goal = { kind: 'value-at-most', bound: 15_000 };

/** The rows of an ensemble of three. */
export const ENSEMBLE_ROW_NAMES: readonly string[] = [
  ...ENSEMBLE_LOAD_ROWS.map((row) => row.name),
  FAILOVER_ROW_NAME,
  CATCH_UP_ROW_NAME,
];

/** The name that `--only` takes for memory, restart and disk with a large tree. */
export const MILLION_ROW_NAME = 'million';

/** What is asked of Corral with 1,000,000 znodes of 100 bytes. */
export const MILLION_GOALS = {
  anonymousMb: { kind: 'value-at-most', bound: 150 },
  restartMs: { kind: 'value-at-most', bound: 500 },
  diskMb: { kind: 'ratio-at-most', bound: 1 / 3 },
} as const satisfies Record<string, Goal>;

/** The name that `--only` takes for the gets of one `@corral/client`. */
export const CLIENT_ROW_NAME = 'client';

/** Gets a second of one client on one core. */
export const CLIENT_GOAL: Goal = { kind: 'value-at-least', bound: 150_000 };

/** The name that `--only` takes for a configuration release and its subscribers. */
export const RELEASE_ROW_NAME = 'release';

/** How many subscribed clients a release is to reach, and by when 99 % of them must have applied it. */
export const RELEASE_CLIENTS = 1000;
export const RELEASE_GOAL: Goal = { kind: 'value-at-most', bound: 100 };

/** The name that `--only` takes for the service registry. */
export const REGISTRY_ROW_NAME = 'registry';

/** What is asked of the registry with 10,000 instances in 100 services. */
export const REGISTRY_GOALS = {
  registrationsPerSecond: { kind: 'value-at-least', bound: 5000 },
  coldWatchMs: { kind: 'value-at-most', bound: 1000 },
  leaveMs: { kind: 'value-at-most', bound: 20 },
  deathMs: { kind: 'value-at-most', bound: 100 },
} as const satisfies Record<string, Goal>;

/** The name that `--only` takes for reads of one service over HTTP. */
export const REST_ROW_NAME = 'rest';

export const REST_GOALS = {
  readsPerSecond: { kind: 'value-at-least', bound: 5000 },
  p99Ms: { kind: 'value-at-most', bound: 10 },
} as const satisfies Record<string, Goal>;

/** The name that `--only` takes for a release that changes what the demo does. */
export const DEMO_ROW_NAME = 'demo';

export const DEMO_GOAL: Goal = { kind: 'value-at-most', bound: 100 };

/** What `--only` takes for several rows together: what they measure. */
export const ROW_GROUPS: Readonly<Record<string, readonly string[]>> = {
  server: [...LOAD_ROW_NAMES, MILLION_ROW_NAME],
  client: [CLIENT_ROW_NAME],
  platform: [RELEASE_ROW_NAME, REGISTRY_ROW_NAME, REST_ROW_NAME, DEMO_ROW_NAME],
};

/** Every row with one server, in the order of the table. */
export const ROW_NAMES: readonly string[] = Object.values(ROW_GROUPS).flat();

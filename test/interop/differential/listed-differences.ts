/** The differences that are meant. The README beside this folder says why, under the same names. */
import type { Difference } from './stage/compare.js';

/** A place where Corral answers otherwise on purpose. */
export interface ListedDifference {
  /** The heading in test/interop/README.md that justifies it. */
  readonly reason: string;
  readonly scenario: string;
  /** The step's label, or a pattern for several steps. */
  readonly step: string | RegExp;
  /** The field, or a pattern for several fields; absent: any field of the step. */
  readonly field?: string | RegExp;
  /** What Apache answers, and what Corral answers, where naming the values says more than the step does. */
  readonly apache?: unknown;
  readonly corral?: unknown;
}

/** Every one of these must occur: an entry that no longer does fails the suite. */
export const listedDifferences: readonly ListedDifference[] = [
  { reason: 'TTL nodes are on', scenario: 'lifetimes: TTL nodes by default', step: /createTtl/, field: /^reply/ },

  mixed('setData "/mode" "the recursive watch"', 'eventsBefore', undefined, ['NodeDataChanged state 3 "/mode"']),
  mixed('create "/mode/child"', 'eventsBefore', undefined, ['NodeCreated state 3 "/mode/child"']),
  mixed('setData "/persistent" "the persistent watch"', 'eventsBefore', undefined, [
    'NodeDataChanged state 3 "/persistent"',
  ]),
  mixed('create "/persistent/2"', 'eventsBefore', undefined, ['NodeChildrenChanged state 3 "/persistent"']),
  mixed(
    'create "/both/child"',
    'eventsBefore.0',
    'NodeChildrenChanged state 3 "/both"',
    'NodeCreated state 3 "/both/child"',
  ),
  mixed('create "/both/child"', 'eventsBefore.1', undefined, 'NodeChildrenChanged state 3 "/both"'),
  mixed('setData "/both/child" "below"', 'eventsBefore', undefined, ['NodeDataChanged state 3 "/both/child"']),

  checked('watches: check and remove', /^b: checkWatches/, 'ok', '-121 NoWatcher'),
  checked('paths: in every other request', 'a: checkWatches "" type 3', '-121 NoWatcher', 'ok'),
  checked('paths: in every other request', 'a: checkWatches "relative" type 3', '-5 MarshallingError', 'ok'),

  {
    reason: 'Removal of one kind of persistent watch',
    scenario: 'watches: check and remove',
    step: /Watches "\/rm" type 4$/,
    field: 'reply.error',
    apache: '-5 MarshallingError',
    corral: '-121 NoWatcher',
  },
  {
    reason: 'A check outside a multi is answered',
    scenario: 'frames: check outside a multi',
    step: /^a: check (that holds|of any version)$/,
    field: /^sequence/,
  },
  {
    reason: 'createSession is not a request',
    scenario: 'frames: types a client must not send',
    step: /createSession/,
  },
  {
    reason: 'A wrong password disconnects nobody',
    scenario: 'sessions: a wrong password',
    step: 'what the thief has done',
    field: 'connection of a',
    apache: 'closed',
    corral: undefined,
  },
  {
    reason: 'TTL flags without a TTL, inside a multi',
    scenario: 'multi: flags that contradict the operation',
    step: /^a: multi (create|createContainer) with the TTL flag$/,
    field: /^reply\.(error|results)$/,
  },
  { reason: 'A null path inside a multi', scenario: 'multi: failures', step: /^a: multi null path/, field: /^reply/ },
  {
    reason: 'A null path inside a multi',
    scenario: 'multiRead',
    step: /^a: multiRead (null path|a write|a check)$/,
    field: 'reply.results',
    corral: undefined,
  },
  {
    reason: 'A null id in an access list',
    scenario: 'access: lists that can be set',
    step: /:null:31\]$/,
    field: 'reply.error',
    apache: '-5 MarshallingError',
    corral: '-114 InvalidAcl',
  },
  {
    reason: 'The order of expanded identities',
    scenario: 'access: the superuser',
    step: /\/super\/closed\/child/,
    field: /acl\.\d\.id$/,
  },
  {
    reason: 'The root counts once',
    scenario: 'paths: in every other request',
    step: 'a: getAllChildrenNumber ""',
    field: 'reply.totalNumber',
  },
  {
    reason: 'The trace mask',
    scenario: 'four-letter words',
    step: 'four-letter "gtmk"',
    field: 'text.0',
    apache: '306',
    corral: '0',
  },
];

function mixed(request: string, field: string, apache: unknown, corral: unknown): ListedDifference {
  const scenario = 'watches: modes mixed on one path';
  return { reason: 'Watches of different modes on one path', scenario, step: `a: ${request}`, field, apache, corral };
}

function checked(scenario: string, step: string | RegExp, apache: string, corral: string): ListedDifference {
  return { reason: 'Whose watches are checked', scenario, step, field: 'reply.error', apache, corral };
}

/** Whether the entry speaks of this difference. */
export function covers(listed: ListedDifference, difference: Difference): boolean {
  return (
    listed.scenario === difference.scenario &&
    matches(listed.step, difference.step) &&
    (listed.field === undefined || matches(listed.field, difference.field)) &&
    (!('apache' in listed) || JSON.stringify(listed.apache) === JSON.stringify(difference.apache)) &&
    (!('corral' in listed) || JSON.stringify(listed.corral) === JSON.stringify(difference.corral))
  );
}

function matches(pattern: string | RegExp, text: string): boolean {
  return typeof pattern === 'string' ? pattern === text : pattern.test(text);
}

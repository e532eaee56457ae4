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
  { reason: 'TTL nodes are on', scenario: 'lifetimes: TTL nodes by default', step: /createTtl/ },

  {
    reason: 'Watches of different modes on one path',
    scenario: 'watches: persistent and recursive',
    step: /./,
    field: /^event/,
  },
  {
    reason: 'Watches of different modes on one path',
    scenario: 'watches: modes replace each other',
    step: /./,
    field: /^event/,
  },

  {
    reason: 'Whose watches are checked',
    scenario: 'watches: check and remove',
    step: /^b: checkWatches/,
    field: 'reply.error',
    apache: 'ok',
    corral: '-121 NoWatcher',
  },
  {
    reason: 'Whose watches are checked',
    scenario: 'paths: in every other request',
    step: 'a: checkWatches "" type 3',
    field: 'reply.error',
    apache: '-121 NoWatcher',
    corral: 'ok',
  },
  {
    reason: 'Whose watches are checked',
    scenario: 'paths: in every other request',
    step: 'a: checkWatches "relative" type 3',
    field: 'reply.error',
    apache: '-5 MarshallingError',
    corral: 'ok',
  },

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

  { reason: 'createSession is not a request', scenario: 'frames: types a client must not send', step: /createSession/ },

  {
    reason: 'A wrong password disconnects nobody',
    scenario: 'sessions: a wrong password',
    step: 'what the thief has done',
    field: 'connection of a',
    apache: 'closed',
  },

  {
    reason: 'Flags that contradict the operation, inside a multi',
    scenario: 'multi: writes',
    step: /^a: multi (createContainer with flag [01]|TTL flags in create|createTTL with flag 0)$/,
  },
  {
    reason: 'Flags that contradict the operation, inside a multi',
    scenario: 'lifetimes: TTL nodes switched on',
    step: /^a: multi (create with flags [56]|createTTL with flags [04])$/,
  },
  {
    reason: 'Flags that contradict the operation, inside a multi',
    scenario: 'lifetimes: TTL nodes switched off',
    step: /^a: multi (create with flags [56]|createTTL with flags [04])$/,
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

const matches = (pattern: string | RegExp, text: string): boolean =>
  typeof pattern === 'string' ? pattern === text : pattern.test(text);

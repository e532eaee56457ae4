/** Rules for the pure packages: no clock, no chance, no waiting, no locale. Each message names the replacement. */

const TICKS = 'time comes in from outside: count ticks, or take a `nowMs` argument.';
const PRNG = 'chance comes in from outside: take a seeded generator as an argument.';
const EFFECTS = 'pure code runs to completion: return the effect as a value and let the member do it.';
const BYTES = 'order and text must be the same on every replica: compare with < and >, format by hand.';

const globals = {
  Date: TICKS,
  performance: TICKS,
  setTimeout: TICKS,
  setInterval: TICKS,
  setImmediate: EFFECTS,
  queueMicrotask: EFFECTS,
  clearTimeout: TICKS,
  clearInterval: TICKS,
  clearImmediate: EFFECTS,
  crypto: PRNG,
  process: 'the surroundings come in from outside: take an option.',
  console: 'pure code does not log: return what happened and let the caller log it.',
  Buffer: 'pure code holds Uint8Array; Buffer begins at libs/wire.',
  Intl: BYTES,
};

const syntax = [
  [':function[async=true]', `No async here: ${EFFECTS}`],
  ['AwaitExpression', `No await here: ${EFFECTS}`],
  ['ForOfStatement[await=true]', `No for await here: ${EFFECTS}`],
  ["NewExpression[callee.name='Promise']", `No Promise here: ${EFFECTS}`],
  ["MemberExpression[object.name='Promise']", `No Promise here: ${EFFECTS}`],
  ['MemberExpression[property.name=/^(localeCompare|toLocale.*)$/]', `No locale here: ${BYTES}`],
];

export const pureRules = {
  'no-restricted-globals': [
    'error',
    ...Object.entries(globals).map(([name, message]) => ({ name, message: `No ${name} here: ${message}` })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: `No Math.random here: ${PRNG}` },
    { object: 'globalThis', message: 'Pure code has no surroundings to look up: take an argument.' },
  ],
  'no-restricted-syntax': ['error', ...syntax.map(([selector, message]) => ({ selector, message }))],
};

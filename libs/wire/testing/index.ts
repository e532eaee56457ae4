export * from './arbitraries.js';
export { expectMalformed } from './expect-malformed.js';
export { type Golden, goldenFiles, readClientGoldens, readGolden } from './golden.js';

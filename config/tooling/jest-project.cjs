/** What every Jest project shares: TypeScript by SWC, ES modules, and house packages resolved to their sources. */

const path = require('node:path');
const { doors } = require('./layers.cjs');

const rootDir = path.resolve(__dirname, '../..');

const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const doorMapper = Object.fromEntries(
  Object.entries(doors).map(([specifier, file]) => [`^${specifier}$`, `<rootDir>/${file}`]),
);

/** A Jest project called `displayName` that runs the specs matching `testMatch`, each test within `testTimeoutMs`. */
exports.jestProject = (displayName, testMatch, testTimeoutMs) => ({
  displayName,
  rootDir,
  testMatch,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
  // Sources say './x.js', as Node wants it after the build; here the file is still x.ts.
  moduleNameMapper: { ...doorMapper, '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  modulePathIgnorePatterns: ['<rootDir>/(apps|libs)/[^/]+/dist/', '<rootDir>/test/dist/'],
  globals: { testTimeoutMs },
  setupFilesAfterEnv: ['<rootDir>/config/tooling/jest-timeout.js'],
});

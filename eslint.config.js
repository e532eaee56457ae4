/** The one linter. What a rule asks for is in its message; the reasons are in CONTRIBUTING.md. */

import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import layersModule from './config/tooling/layers.cjs';
import { pureRules } from './config/tooling/lint-pure.js';

const { layers } = layersModule;

const pureSources = Object.values(layers)
  .filter((layer) => layer.floor === 'pure')
  .map((layer) => `${layer.home}/src/**/*.ts`);
const tests = ['**/*.{spec,fake}.ts', 'libs/*/testing/**/*.ts', 'test/**/*.ts'];
const unitTests = ['{libs,apps}/*/src/**/*.{spec,fake}.ts', 'libs/*/testing/**/*.ts'];

const sizes = (linesMax, functionLinesMax) => ({
  'max-lines': ['error', { max: linesMax, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: functionLinesMax, skipBlankLines: true, skipComments: true }],
});

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'data/'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: {
        module: 'readonly',
        require: 'readonly',
        exports: 'readonly',
        process: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './config/tooling/tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-params': ['error', 5],
      ...sizes(500, 70),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      // A union of literals and `string` documents the literals.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
    },
  },
  { files: pureSources, ignores: ['**/*.{spec,fake}.ts'], rules: { ...pureRules, 'max-params': ['error', 4] } },
  {
    files: ['libs/storage/src/lmdb/**/*.ts'],
    ignores: ['**/*.{spec,fake}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='put']",
          message: 'put() inside transactionSync makes a later close() hang: use putSync().',
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      ...sizes(800, 300),
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['test/**/*.ts', 'apps/cli/src/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: unitTests,
    rules: {
      'no-restricted-properties': [
        'error',
        ...['mock', 'unstable_mockModule', 'doMock'].map((property) => ({
          object: 'jest',
          property,
          message: 'Write a class that passes the contract suite of the port, and pass it in.',
        })),
      ],
    },
  },
);

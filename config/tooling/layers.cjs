/**
 * The one table of who may import whom.
 *
 * dependency-cruiser enforces it, ESLint takes the list of pure packages from it, Jest takes the doors from it, and
 * test/tidy holds package.json and tsconfig.json of every package to it. To change a direction, change a row.
 *
 * @typedef {object} Layer
 * @property {'pure' | 'bytes' | 'io' | 'shell' | 'client' | 'module' | 'nest' | 'app'} floor  Pure packages see no Node, no npm package, no clock.
 * @property {string} home        The folder of the package.
 * @property {string[]} mayImport Names of the packages whose front door the shipping code may use.
 * @property {string[]} npm       Packages from npm that the shipping code may use.
 * @property {boolean} [testing]  Whether there is a second door, `testing/index.ts`, for fixtures and contract suites.
 */

const vocabulary = ['primitives', 'model'];
const pure = [...vocabulary, 'zab', 'znode'];

/** @type {Record<string, Layer>} */
const layers = {
  primitives: { floor: 'pure', home: 'libs/primitives', mayImport: [], npm: [] },
  model: { floor: 'pure', home: 'libs/model', mayImport: ['primitives'], npm: [] },
  zab: { floor: 'pure', home: 'libs/zab', mayImport: ['primitives'], npm: [], testing: true },
  znode: { floor: 'pure', home: 'libs/znode', mayImport: vocabulary, npm: [], testing: true },
  wire: { floor: 'bytes', home: 'libs/wire', mayImport: [...vocabulary, 'zab'], npm: [], testing: true },
  storage: { floor: 'io', home: 'libs/storage', mayImport: [...pure, 'wire'], npm: ['lmdb'] },
  'storage-memory': { floor: 'io', home: 'libs/storage-memory', mayImport: pure, npm: [] },
  net: { floor: 'io', home: 'libs/net', mayImport: [...pure, 'wire'], npm: [] },
  member: { floor: 'shell', home: 'libs/member', mayImport: [...pure, 'wire'], npm: [] },
  client: { floor: 'client', home: 'libs/client', mayImport: ['primitives', 'model', 'wire'], npm: [], testing: true },
  recipes: { floor: 'client', home: 'libs/recipes', mayImport: ['primitives', 'model', 'client'], npm: [] },
  registry: {
    floor: 'module',
    home: 'libs/registry',
    mayImport: ['primitives', 'model', 'client', 'recipes'],
    npm: [],
  },
  'live-config': {
    floor: 'module',
    home: 'libs/live-config',
    mayImport: ['primitives', 'model', 'client', 'recipes'],
    npm: ['ajv', 'ajv-formats', 'yaml'],
  },
  nest: {
    floor: 'nest',
    home: 'libs/nest',
    mayImport: ['primitives', 'model', 'client', 'recipes', 'registry', 'live-config'],
    npm: [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/microservices',
      '@nestjs/terminus',
      'class-transformer',
      'class-validator',
      'reflect-metadata',
      'rxjs',
    ],
  },
  platform: {
    floor: 'app',
    home: 'apps/platform',
    mayImport: ['primitives', 'model', 'client', 'recipes', 'registry', 'live-config', 'nest'],
    npm: [
      '@fastify/static',
      '@grpc/grpc-js',
      '@grpc/proto-loader',
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/microservices',
      '@nestjs/platform-fastify',
      '@nestjs/swagger',
      'class-transformer',
      'class-validator',
      'fastify',
      'pino',
      'prom-client',
      'reflect-metadata',
      'rxjs',
      'yaml',
    ],
  },
  demo: {
    floor: 'app',
    home: 'apps/demo',
    mayImport: ['primitives', 'client', 'registry', 'live-config', 'nest'],
    npm: [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/microservices',
      '@nestjs/platform-express',
      'class-transformer',
      'class-validator',
      'reflect-metadata',
      'rxjs',
    ],
  },
  coordinator: {
    floor: 'app',
    home: 'apps/coordinator',
    mayImport: [...pure, 'wire', 'storage', 'net', 'member'],
    npm: [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/microservices',
      '@nestjs/platform-express',
      'class-transformer',
      'class-validator',
      'prom-client',
      'reflect-metadata',
      'rxjs',
      'yaml',
    ],
  },
  cli: {
    floor: 'app',
    home: 'apps/cli',
    mayImport: [...pure, 'wire', 'storage', 'coordinator', 'client', 'recipes', 'registry', 'live-config', 'platform'],
    npm: [],
  },
};

/** Packages that any test, and nothing that ships, may import on top of its row: the fakes. */
const fakes = ['storage-memory', 'member'];

/** Every import specifier of a house package, and the source file behind it. */
const doors = Object.fromEntries(
  Object.entries(layers).flatMap(([name, layer]) => [
    [`@corral/${name}`, `${layer.home}/src/index.ts`],
    ...(layer.testing ? [[`@corral/${name}/testing`, `${layer.home}/testing/index.ts`]] : []),
  ]),
);

module.exports = { layers, fakes, doors };

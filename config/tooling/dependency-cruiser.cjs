/** The import directions, made from the table in layers.cjs. test/tidy plants a violation of each rule and sees it caught. */

const { layers, fakes } = require('./layers.cjs');

const escape = (text) => text.replace(/[/.\-@]/g, '\\$&');
const anyOf = (texts) => `(${texts.map(escape).join('|')})`;
const homesWhere = (test) =>
  Object.values(layers)
    .filter(test)
    .map((layer) => layer.home);

const everyHome = anyOf(homesWhere(() => true));
const pureHomes = anyOf(homesWhere((layer) => layer.floor === 'pure'));
const bytesHomes = anyOf(homesWhere((layer) => layer.floor === 'bytes'));
// A spec, a fake beside it (x.fake.ts), a testing door, or anything under test/.
const testCode = '(\\.(spec|fake)\\.ts$|^(libs|apps)/[^/]+/testing/|^test/)';
const inNodeModules = (names) => `(^|/)node_modules/${anyOf(names)}(/|$)`;

/** A package may import what its row lists; its tests may import the fakes as well. */
const layerRules = Object.entries(layers).flatMap(([name, layer]) => {
  const allowed = [layer.home, ...layer.mayImport.map((other) => layers[other].home)];
  const allowedInTests = [...allowed, ...fakes.map((fake) => layers[fake].home)];
  const rule = (suffix, from, homes) => ({
    name: `layer-${name}${suffix}`,
    comment: `${layer.home} may import ${layer.mayImport.join(', ') || 'nothing'}; see config/tooling/layers.cjs.`,
    severity: 'error',
    from,
    to: { path: '^(libs|apps)/', pathNot: `^${anyOf(homes)}/` },
  });
  const home = `^${escape(layer.home)}/`;
  return [
    rule('', { path: home, pathNot: testCode }, allowed),
    rule('-tests', { path: `${home}.*(\\.(spec|fake)\\.ts$|/testing/)|${home}testing/` }, allowedInTests),
  ];
});

/** Shipping code uses the npm packages of its row, and no others. */
const npmRules = Object.entries(layers)
  .filter(([, layer]) => layer.floor !== 'pure')
  .map(([name, layer]) => ({
    name: `npm-${name}`,
    comment: `${layer.home} ships with ${layer.npm.join(', ') || 'nothing from npm'}; see config/tooling/layers.cjs.`,
    severity: 'error',
    from: { path: `^${escape(layer.home)}/src/`, pathNot: testCode },
    to: { path: 'node_modules/', ...(layer.npm.length > 0 ? { pathNot: inNodeModules(layer.npm) } : {}) },
  }));

module.exports = {
  forbidden: [
    ...layerRules,
    ...npmRules,
    {
      name: 'pure-means-pure',
      comment: 'A pure package imports pure packages: nothing of Node, nothing from npm.',
      severity: 'error',
      from: { path: `^${pureHomes}/src/`, pathNot: testCode },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'bytes-do-no-io',
      comment: 'libs/wire turns bytes into records and back; sockets, files and clocks are above it.',
      severity: 'error',
      from: { path: `^${bytesHomes}/src/`, pathNot: testCode },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?buffer$' },
    },
    {
      name: 'nest-lives-at-the-edges',
      comment: 'NestJS and its companions compose applications; no library knows them.',
      severity: 'error',
      from: { pathNot: '^(apps/|libs/nest/)' },
      to: { path: '(^|/)node_modules/(@nestjs/|rxjs/|reflect-metadata/|class-validator/|class-transformer/)' },
    },
    {
      name: 'lmdb-has-one-home',
      comment: 'Only libs/storage/src/lmdb knows that the tree is on LMDB.',
      severity: 'error',
      from: { pathNot: '^libs/storage/src/lmdb/' },
      to: { path: inNodeModules(['lmdb']) },
    },
    {
      name: 'front-door-only',
      comment: 'Another package is used through src/index.ts or testing/index.ts, by its name.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: `^${everyHome}/`, pathNot: ['^(libs|apps)/[^/]+/(src|testing)/index\\.ts$', '^$1/$2/'] },
    },
    {
      name: 'front-door-only-from-test',
      comment: 'What spans packages uses their doors; a test that needs the inside belongs beside the code.',
      severity: 'error',
      from: { path: '^test/' },
      to: { path: `^${everyHome}/`, pathNot: '^(libs|apps)/[^/]+/(src|testing)/index\\.ts$' },
    },
    {
      name: 'testing-uses-the-front-door',
      comment: 'testing/ is built into dist/testing, from where ../src does not exist: import the package by its name.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/testing/' },
      to: { path: '^$1/$2/src/', pathNot: '^$1/$2/src/index\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea in two places: move what they share below both.',
      severity: 'error',
      from: { pathNot: testCode },
      to: { circular: true },
    },
    {
      name: 'shipping-code-never-imports-test-code',
      comment: 'What ships must work without specs, fixtures and the tools of the tests.',
      severity: 'error',
      from: { path: '^(libs|apps)/[^/]+/src/', pathNot: testCode },
      to: { path: [testCode, inNodeModules(['@jest/globals', 'jest', 'fast-check'])] },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that resolves to nothing slips past every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    // Explicit aliases from the table. With wildcards an import can fail to resolve without anybody noticing.
    webpackConfig: { fileName: `${__dirname}/resolve.cjs` },
    enhancedResolveOptions: { conditionNames: ['import', 'types', 'node', 'default'], exportsFields: ['exports'] },
  },
};

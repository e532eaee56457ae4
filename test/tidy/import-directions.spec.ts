import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Violation, violationsIn } from './planted-tree.js';
import { layerTable } from './repository.js';

const use = (...specifiers: string[]): string =>
  specifiers.map((specifier, i) => `import * as m${i} from '${specifier}';\nexport const v${i} = m${i};\n`).join('');

/** Files that each break one rule: the rule, then the file, then its text. */
const planted: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['layer-model', 'libs/model/src/upward.ts', use('@corral/znode')],
  ['layer-zab', 'libs/zab/src/sideways.ts', use('@corral/model')],
  ['layer-wire', 'libs/wire/src/upward.ts', use('@corral/net')],
  ['layer-member', 'libs/member/src/knows-storage.ts', use('@corral/storage')],
  ['layer-storage', 'libs/storage/src/ships-a-fake.ts', use('@corral/storage-memory')],
  ['layer-znode', 'libs/znode/src/type-only.ts', "export type { It } from '@corral/wire';\n"],
  ['layer-znode-tests', 'libs/znode/src/upward.spec.ts', use('@corral/net')],
  ['npm-net', 'libs/net/src/from-npm.ts', use('left-pad')],
  ['pure-means-pure', 'libs/primitives/src/node-inside.ts', use('node:fs')],
  ['pure-means-pure', 'libs/znode/src/npm-inside.ts', use('left-pad')],
  ['bytes-do-no-io', 'libs/wire/src/socket.ts', use('node:net')],
  ['nest-lives-at-the-edges', 'libs/member/src/nest.ts', use('@nestjs/common')],
  ['lmdb-has-one-home', 'libs/storage/src/log/lmdb.ts', use('lmdb')],
  ['front-door-only', 'libs/net/src/back-door.ts', use('../../wire/src/inside.js')],
  ['front-door-only-from-test', 'test/interop/back-door.ts', use('../../libs/wire/src/inside.js')],
  ['testing-uses-the-front-door', 'libs/znode/testing/inside.ts', use('../src/inside.js')],
  ['no-cycles', 'libs/net/src/cycle-a.ts', use('./cycle-b.js')],
  ['shipping-code-never-imports-test-code', 'libs/net/src/ships-a-spec.ts', use('./some.spec.js')],
  ['shipping-code-never-imports-test-code', 'libs/net/src/ships-a-fake.ts', use('./some.fake.js')],
  ['shipping-code-never-imports-test-code', 'libs/storage/src/ships-fixtures.ts', use('@corral/znode/testing')],
  ['shipping-code-never-imports-test-code', 'libs/net/src/ships-jest.ts', use('@jest/globals')],
  ['no-unresolved', 'libs/net/src/nowhere.ts', use('@corral/nowhere')],
];

/** What the planted files refer to. */
const scenery = {
  'libs/wire/src/inside.ts': 'export {};\n',
  'libs/znode/src/inside.ts': 'export {};\n',
  'libs/net/src/cycle-b.ts': use('./cycle-a.js'),
  'libs/net/src/some.spec.ts': 'export {};\n',
  'libs/net/src/some.fake.ts': use('@jest/globals'),
};

/** Files that look suspicious and break nothing. */
const innocent = {
  'libs/storage/src/lmdb/tree.ts': use('lmdb'),
  'libs/storage/src/import.ts': use('@corral/wire'),
  'libs/znode/src/innocent.spec.ts': use('@jest/globals', '@corral/znode/testing'),
  'libs/net/src/innocent.spec.ts': use('@corral/storage-memory'),
  'libs/wire/src/buffer.ts': use('node:buffer'),
  'libs/znode/testing/innocent.ts': use('@corral/znode'),
  'apps/coordinator/src/nest.ts': use('@nestjs/common'),
  'test/interop/innocent.ts': use('@corral/wire/testing'),
};

describe('the import checker', () => {
  let violations: Violation[] = [];

  beforeAll(() => {
    const files = Object.fromEntries(planted.map(([, file, text]) => [file, text]));
    violations = violationsIn({ ...scenery, ...innocent, ...files });
  });

  it.each(planted)('reports %s in %s', (rule, file) => {
    expect(violations).toContainEqual({ rule, from: file });
  });

  it.each(Object.keys(innocent))('says nothing about %s', (file) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([]);
  });

  it('has a layer rule for every package in the table', () => {
    const targets = Object.entries(layerTable.layers).map(([name, layer]) => {
      const forbidden = Object.keys(layerTable.layers).find(
        (other) => other !== name && !layer.mayImport.includes(other),
      );
      return [name, `${layer.home}/src/astray.ts`, `@corral/${forbidden}`] as const;
    });
    const found = violationsIn(Object.fromEntries(targets.map(([, file, target]) => [file, use(target)])));
    for (const [name, file] of targets) expect(found).toContainEqual({ rule: `layer-${name}`, from: file });
  });
});

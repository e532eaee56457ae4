import { describe, expect, it } from '@jest/globals';
import { CreateFlag, createModeOf, createTypeInMulti } from './create-mode.js';
import { OpCode } from './op-code.js';

describe('createModeOf', () => {
  it.each([
    ['persistent', ''],
    ['ephemeral', 'ephemeral'],
    ['persistentSequential', 'sequential'],
    ['ephemeralSequential', 'ephemeral sequential'],
    ['container', 'container'],
    ['persistentWithTtl', 'ttl'],
    ['persistentSequentialWithTtl', 'sequential ttl'],
  ] as const)('knows %s', (flag, traits) => {
    const mode = createModeOf(CreateFlag[flag]);
    const held = Object.entries(mode ?? {}).filter(([, holds]) => holds === true);
    expect(held.map(([trait]) => trait).join(' ')).toBe(traits);
  });

  it.each([-1, 7, 0.5])('knows no flag %d', (flag) => {
    expect(createModeOf(flag)).toBeUndefined();
  });
});

describe('createTypeInMulti', () => {
  it.each([
    [CreateFlag.persistent, OpCode.create],
    [CreateFlag.ephemeralSequential, OpCode.create],
    [CreateFlag.container, OpCode.createContainer],
    [CreateFlag.persistentWithTtl, OpCode.createTtl],
    [CreateFlag.persistentSequentialWithTtl, OpCode.createTtl],
    [99, OpCode.create],
    [-1, OpCode.create],
  ])('takes flag %d for operation %d', (flag, type) => {
    expect(createTypeInMulti(flag)).toBe(type);
  });
});

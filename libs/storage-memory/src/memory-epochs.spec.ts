import { describe, expect, it } from '@jest/globals';
import { MemoryEpochs } from './memory-epochs.js';

const found = ({ acceptedEpoch, currentEpoch }: MemoryEpochs): [number, number] => [acceptedEpoch, currentEpoch];

describe('epochs in memory', () => {
  it('last once their write has ended', () => {
    const epochs = new MemoryEpochs();
    epochs.store({ acceptedEpoch: 3, currentEpoch: 2 });
    expect(found(epochs)).toEqual([0, 0]);
    expect(epochs.completeStore()).toEqual({ acceptedEpoch: 3, currentEpoch: 2 });
    epochs.crash();
    expect(found(epochs)).toEqual([3, 2]);
  });

  it('are lost in a crash before that, except for those that the disk had taken', () => {
    const epochs = new MemoryEpochs();
    epochs.store({ acceptedEpoch: 1, currentEpoch: 0 });
    epochs.store({ acceptedEpoch: 1, currentEpoch: 1 });
    epochs.crash(1);
    expect(found(epochs)).toEqual([1, 0]);
    expect(epochs.completeStore()).toBeUndefined();
  });

  it('are gone with their disk', () => {
    const epochs = new MemoryEpochs();
    epochs.store({ acceptedEpoch: 1, currentEpoch: 1 });
    epochs.completeStore();
    epochs.wipe();
    expect(found(epochs)).toEqual([0, 0]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zxid, zxidOf } from '@corral/primitives';
import { EpochFiles } from './epoch-files.js';

describe('epoch files', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-epochs-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const open = (lastZxid: Zxid): EpochFiles => EpochFiles.open({ directory, lastZxid });

  it('begin with the epoch of the history when there are none', () => {
    const epochs = open(zxidOf(3, 7));
    expect([epochs.acceptedEpoch, epochs.currentEpoch]).toEqual([3, 3]);
  });

  it('are written as Apache writes them, and read back', () => {
    const epochs = open(0 as Zxid);
    epochs.storeAcceptedEpoch(5);
    epochs.storeCurrentEpoch(4);
    expect(readFileSync(join(directory, 'acceptedEpoch'), 'utf8')).toBe('5');
    expect(readFileSync(join(directory, 'currentEpoch'), 'utf8')).toBe('4');
    const again = open(zxidOf(4, 1));
    expect([again.acceptedEpoch, again.currentEpoch]).toEqual([5, 4]);
  });

  it('follow a log that has transactions of an epoch which was accepted and not yet noted: the process was killed in between', () => {
    writeFileSync(join(directory, 'currentEpoch'), '2');
    writeFileSync(join(directory, 'acceptedEpoch'), '4');
    const epochs = open(zxidOf(3, 1));
    expect([epochs.acceptedEpoch, epochs.currentEpoch]).toEqual([4, 3]);
    expect(readFileSync(join(directory, 'currentEpoch'), 'utf8')).toBe('3');
  });

  it('refuse a log of an epoch that was never accepted', () => {
    writeFileSync(join(directory, 'currentEpoch'), '2');
    writeFileSync(join(directory, 'acceptedEpoch'), '2');
    expect(() => open(zxidOf(3, 1))).toThrow(/acceptedEpoch says 2, but log and tree go to 0x300000001/);
  });

  it('refuse an accepted epoch older than the current one', () => {
    writeFileSync(join(directory, 'currentEpoch'), '4');
    writeFileSync(join(directory, 'acceptedEpoch'), '3');
    expect(() => open(zxidOf(4, 1))).toThrow(/acceptedEpoch says 3/);
  });

  it.each(['', 'four', '-1', '99999999999'])('refuse a file that holds %j', (text) => {
    writeFileSync(join(directory, 'currentEpoch'), text);
    expect(() => open(0 as Zxid)).toThrow(/allowed: a number from 0/);
  });
});

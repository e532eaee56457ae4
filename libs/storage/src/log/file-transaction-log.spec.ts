import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Zxid } from '@corral/primitives';
import { describeTransactionLog, type TransactionLogHandle } from '@corral/zab/testing';
import { FileTransactionLog } from './file-transaction-log.js';

function handleOf(directory: string, segmentBytesMax: number): TransactionLogHandle {
  const log = FileTransactionLog.open({ directory, segmentBytesMax, appliedZxid: 0 as Zxid });
  return {
    log,
    crash: () => Promise.resolve(handleOf(directory, segmentBytesMax)),
    dispose: () => {
      log.close();
      rmSync(directory, { recursive: true });
      return Promise.resolve();
    },
  };
}

for (const segmentBytesMax of [64 * 1024 * 1024, 200]) {
  describeTransactionLog(`the log in files of ${String(segmentBytesMax)} bytes`, () =>
    Promise.resolve(handleOf(mkdtempSync(join(tmpdir(), 'corral-log-')), segmentBytesMax)),
  );
}

import type { Zxid } from '@corral/primitives';
import { type Change, OpCode, parentPath, type TransactionHeader } from '@corral/model';
import type { OutstandingChanges } from '@corral/znode';

/** A change is applied: what was noted about it while it was only proposed is in the tree now. */
export function settleChange(outstanding: OutstandingChanges, change: Change, header: TransactionHeader): void {
  const { zxid } = header;
  switch (change.type) {
    case OpCode.multi:
      for (const part of change.changes) settleChange(outstanding, part, header);
      return;
    case OpCode.closeSession:
      for (const path of change.paths ?? []) settlePathAndParent(outstanding, path, zxid);
      outstanding.forgetSession(header.sessionId);
      return;
    case OpCode.setData:
    case OpCode.setAcl:
      outstanding.settle(change.path, zxid);
      return;
    case OpCode.createSession:
    case OpCode.error:
    case OpCode.check:
      return;
    default:
      settlePathAndParent(outstanding, change.path, zxid);
  }
}

function settlePathAndParent(outstanding: OutstandingChanges, path: string, zxid: Zxid): void {
  outstanding.settle(path, zxid);
  outstanding.settle(parentPath(path), zxid);
}

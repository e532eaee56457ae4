import type { Zxid } from '@corral/primitives';
import type { QuorumMessage, SyncPlan } from '@corral/zab';
import type { Disk } from './disk.js';
import type { Payload } from './replica-member-ports.js';

/** Sends a learner what brings it to the history on this disk. */
export function carryOutPlan(plan: SyncPlan, disk: Disk, send: (payload: Payload) => void): void {
  const say = (message: QuorumMessage): void => {
    send({ port: 'quorum', message });
  };
  const replay = (after: Zxid, through: Zxid): void => {
    for (const { zxid, bytes } of disk.log.read(after)) {
      if (zxid > through) break;
      say({ kind: 'proposal', zxid, transaction: bytes });
      say({ kind: 'commit', zxid });
    }
  };
  switch (plan.kind) {
    case 'replay':
      say({ kind: 'diff', zxid: plan.through, fingerprint: plan.fingerprint });
      replay(plan.after, plan.through);
      return;
    case 'truncate':
      say({ kind: 'trunc', zxid: plan.to, fingerprint: plan.fingerprint });
      replay(plan.to, plan.thenReplayThrough);
      return;
    case 'snapshot': {
      const { image } = disk;
      say({ kind: 'snap', zxid: image.zxid });
      send({ port: 'tree', image });
      replay(image.zxid, plan.thenReplayThrough);
    }
  }
}

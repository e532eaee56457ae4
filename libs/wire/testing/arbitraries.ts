import fc from 'fast-check';
import type { Acl, Change, NodeChange, Stat, TransactionHeader } from '@corral/model';
import { OpCode } from '@corral/model';
import type { ServerId, SessionId, Zxid } from '@corral/primitives';
import type { QuorumMessage } from '@corral/zab';

/* Values that the records can carry, for property tests. Zeros are never negative: the wire has but one. */

export const anyInt = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
export const safeLong = fc.maxSafeInteger().map((value) => value + 0);
export const anyLong = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
export const anyZxid = fc.maxSafeNat().map((value) => value as Zxid);
export const anySessionId = anyLong.map((value) => value as SessionId);
/** Any characters, whole ones only: a lone surrogate has no UTF-8. */
export const anyText = fc.string({ unit: 'binary', maxLength: 40 });
export const anyBytes = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
export const anyData = fc.option(anyBytes);
export const anyAcl = fc.array(fc.record<Acl>({ perms: anyInt, scheme: anyText, id: anyText }), { maxLength: 4 });

export const anyStat = fc.record<Stat>({
  czxid: anyZxid,
  mzxid: anyZxid,
  ctimeMs: safeLong,
  mtimeMs: safeLong,
  version: anyInt,
  cversion: anyInt,
  aversion: anyInt,
  ephemeralOwner: anySessionId,
  dataLength: anyInt,
  numChildren: anyInt,
  pzxid: anyZxid,
});

export const anyTransactionHeader = fc.record<TransactionHeader>({
  sessionId: anySessionId,
  cxid: anyInt,
  zxid: anyZxid,
  timeMs: fc.maxSafeNat(),
});

const node = { path: anyText, data: anyData, acl: anyAcl, parentCreates: anyInt };

export const anyNodeChange: fc.Arbitrary<NodeChange> = fc.oneof(
  fc.record({ type: fc.constantFrom(OpCode.create, OpCode.create2), ...node, ephemeral: fc.boolean() }),
  fc.record({ type: fc.constant(OpCode.createContainer), ...node }),
  fc.record({ type: fc.constant(OpCode.createTtl), ...node, ttlMs: safeLong }),
  fc.record({ type: fc.constantFrom(OpCode.delete, OpCode.deleteContainer), path: anyText }),
  fc.record({
    type: fc.constantFrom(OpCode.setData, OpCode.reconfig),
    path: anyText,
    data: anyData,
    version: anyInt,
  }),
  fc.record({ type: fc.constant(OpCode.setAcl), path: anyText, acl: anyAcl, version: anyInt }),
  fc.record({ type: fc.constant(OpCode.check), path: anyText, version: anyInt }),
  fc.record({ type: fc.constant(OpCode.error), code: fc.constantFrom(0 as const, -2 as const, -101 as const) }),
);

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  anyNodeChange,
  fc.record({ type: fc.constant(OpCode.multi), changes: fc.array(anyNodeChange, { maxLength: 5 }) }),
  fc.record({ type: fc.constant(OpCode.createSession), timeoutMs: anyInt }),
  // A session ends with the paths of real znodes, which are not empty.
  fc.record({
    type: fc.constant(OpCode.closeSession),
    paths: fc.option(
      fc.array(
        anyText.map((name) => `/${name}`),
        { maxLength: 5 },
      ),
    ),
  }),
);

const serverId = fc.nat({ max: 255 }).map((value) => value as ServerId);
const touch = fc.record({ sessionId: anySessionId, timeoutMs: anyInt });
const learner = fc.oneof(
  fc.record({ serverId, protocolVersion: fc.constant(undefined), configVersion: fc.constant(undefined) }),
  fc.record({ serverId, protocolVersion: anyInt, configVersion: fc.constant(undefined) }),
  fc.record({ serverId, protocolVersion: anyInt, configVersion: safeLong }),
);
const identity = fc.record({ scheme: anyText, id: anyText });

export const anyQuorumMessage: fc.Arbitrary<QuorumMessage> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('follower-info' as const, 'observer-info' as const),
    acceptedZxid: anyZxid,
    learner: fc.option(learner),
  }),
  fc.record({ kind: fc.constant('leader-info' as const), epochZxid: anyZxid, protocolVersion: anyInt }),
  fc.record({ kind: fc.constant('ack-epoch' as const), lastZxid: anyZxid, currentEpoch: fc.option(fc.nat()) }),
  fc.record({
    kind: fc.constantFrom('diff' as const, 'trunc' as const, 'snap' as const, 'ack' as const, 'commit' as const),
    zxid: anyZxid,
  }),
  fc.record({ kind: fc.constantFrom('diff' as const, 'trunc' as const), zxid: anyZxid, fingerprint: anyInt }),
  fc.record({ kind: fc.constant('new-leader' as const), epochZxid: anyZxid, config: anyData }),
  fc.record({ kind: fc.constantFrom('up-to-date' as const, 'sync' as const) }),
  fc.record({
    kind: fc.constantFrom('proposal' as const, 'inform' as const),
    zxid: anyZxid,
    transaction: anyBytes,
  }),
  fc.record({ kind: fc.constant('commit-and-activate' as const), zxid: anyZxid, designatedLeader: serverId }),
  fc.record({
    kind: fc.constant('inform-and-activate' as const),
    zxid: anyZxid,
    designatedLeader: serverId,
    transaction: anyBytes,
  }),
  fc.record({ kind: fc.constant('ping' as const), zxid: anyZxid, touches: fc.option(fc.array(touch)) }),
  fc.record({ kind: fc.constant('revalidate' as const), sessionId: anySessionId, timeoutMs: anyInt }),
  fc.record({ kind: fc.constant('revalidated' as const), sessionId: anySessionId, valid: fc.boolean() }),
  fc.record({
    kind: fc.constant('request' as const),
    sessionId: anySessionId,
    cxid: anyInt,
    type: anyInt,
    request: anyBytes,
    identities: fc.option(fc.array(identity, { maxLength: 3 })),
  }),
);

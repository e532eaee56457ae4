import { describe, expect, it } from '@jest/globals';
import { ErrorCode, OpCode } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { RecordWriter, writeTransaction } from '@corral/wire';
import { GuessablePasswords } from '../member-stage.fake.js';
import { createOf } from '../requests.fake.js';
import { EnsembleStage } from './ensemble-stage.fake.js';

const SESSION = 0x0500_0000_0000_0001n as SessionId;
const EPOCH = (2 * 2 ** 32) as Zxid;

describe('a follower', () => {
  it('ends the connection of a client that the leader takes to be elsewhere, so that it comes back', () => {
    const stage = new EnsembleStage([1, 2, 3]).start();
    const leader = stage.elects3();
    leader.hears({ kind: 'leader-info', epochZxid: EPOCH, protocolVersion: 0x10000 });
    stage.settle();
    leader.hears({ kind: 'diff', zxid: 0 as Zxid }, { kind: 'new-leader', epochZxid: EPOCH, config: null });
    stage.settle();
    leader.hears({ kind: 'up-to-date' });
    stage.settle();
    const client = stage.greeted({ sessionId: SESSION, password: new GuessablePasswords().issue(SESSION) });
    leader.hears({ kind: 'revalidated', sessionId: SESSION, valid: true });
    stage.settle();
    expect(client.heard()).toEqual(['session']);

    client.ask('create', createOf('/a'));
    stage.settle();
    const zxid = (EPOCH + 1) as Zxid;
    const writer = new RecordWriter();
    const header = { sessionId: SESSION, cxid: 1, zxid, timeMs: 0 };
    writeTransaction(writer, header, { type: OpCode.error, code: ErrorCode.sessionMoved });
    const transaction = Buffer.from(writer.buffer.subarray(0, writer.length));
    leader.hears({ kind: 'proposal', zxid, transaction }, { kind: 'commit', zxid });
    stage.settle();
    expect(client.heard()).toEqual([]);
    expect(client.closed).toBe(true);
  });
});

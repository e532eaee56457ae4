import { describe, expect, it } from '@jest/globals';
import type { SessionId, Zxid } from '@corral/primitives';
import { GuessablePasswords } from '../member-stage.fake.js';
import { EnsembleStage, id, logOf, sessionOpened } from './ensemble-stage.fake.js';

const SESSION = 0x0500_0000_0000_0001n as SessionId;
const password = new GuessablePasswords().issue(SESSION);

describe('a leader whose log has more than its tree', () => {
  it('takes the sessions over that were opened in its log', () => {
    const stage = new EnsembleStage([1], logOf(sessionOpened(SESSION))).start();
    expect(stage.member.status.status()).toMatchObject({ mode: 'leader', sessionCount: 1 });
    expect(stage.greeted({ sessionId: SESSION, password }).heard()).toEqual(['session']);
  });

  it('ends them when nobody is heard', () => {
    const stage = new EnsembleStage([1], logOf(sessionOpened(SESSION, 10_000))).start();
    stage.pass(12_000);
    expect([...stage.store.sessions()]).toEqual([]);
  });

  it('serves nobody before its tree has all of it, and then answers what learners asked meanwhile', () => {
    const stage = new EnsembleStage([1], logOf(sessionOpened(SESSION)));
    stage.store.isBehind = true;
    stage.start();
    const learner = stage.learner();
    const who = { serverId: id(9), protocolVersion: 0x10000, configVersion: 0 };
    learner.hears({ kind: 'observer-info', acceptedZxid: (2 ** 33) as Zxid, learner: who });
    stage.settle();
    learner.hears({ kind: 'ack-epoch', lastZxid: (2 ** 32 + 1) as Zxid, currentEpoch: null });
    stage.settle();
    learner.hears({ kind: 'ack', zxid: (2 ** 33) as Zxid });
    learner.hears({ kind: 'revalidate', sessionId: SESSION, timeoutMs: 10_000 });
    stage.pass(100);
    expect(stage.member.isServing).toBe(false);
    expect(stage.connect().closed).toBe(true);
    expect(learner.said().map(({ kind }) => kind)).toContain('up-to-date');
    stage.store.isBehind = false;
    stage.pass(100);
    expect(stage.member.isServing).toBe(true);
    expect(learner.said()).toContainEqual({ kind: 'revalidated', sessionId: SESSION, valid: true });
  });
});

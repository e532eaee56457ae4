import { expect, it } from '@jest/globals';
import type { SessionId, Zxid } from '@corral/primitives';
import type { QuorumMessage, ReplicaInputs } from '@corral/zab';
import { callLeader } from './call-leader.js';
import { FakePeerLink, id } from './ensemble-stage.fake.js';
import { Links } from './links.js';
import type { PeerLinkHandler, PeerNetwork } from './ports.js';

it('speaks to the leader on the connection that is kept, when two are made and the later one is closed', () => {
  const nothing = (): void => undefined;
  const links = new Links({ received: nothing, turnEnd: nothing, lost: nothing, forgotten: nothing });
  const calls: { handler: PeerLinkHandler; done: Parameters<PeerNetwork['connect']>[2] }[] = [];
  const network: PeerNetwork = {
    notify: nothing,
    connect: (_leader, handler, done) => calls.push({ handler, done }),
  };
  const replica = { leaderConnected: nothing } as unknown as ReplicaInputs;
  for (let call = 0; call < 2; call += 1) {
    callLeader(id(3), network, links, (tell) => {
      tell(replica);
    });
  }
  const [first, second] = calls.map(({ handler, done }) => {
    const peer = new FakePeerLink(handler);
    done(peer);
    return peer;
  });
  first!.hears({ kind: 'leader-info', epochZxid: (2 ** 32) as Zxid, protocolVersion: 0x10000 });
  links.forget(links.all()[1]!);
  const message: QuorumMessage = { kind: 'revalidate', sessionId: 1n as SessionId, timeoutMs: 1000 };
  links.sendToLeader(message);
  expect([first!.said(), second!.said()]).toEqual([[message], []]);
});

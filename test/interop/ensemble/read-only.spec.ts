/** Read-only mode: what clients see of a member that is cut off from the quorum, on Apache ZooKeeper and on Corral. */
import { expect, it } from '@jest/globals';
import { needsKazoo } from '../foreign/support/tools.js';
import { type ServerKind, TestEnsemble } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { playReadOnly, type Transcript } from './read-only-script.js';

const PORTS = { first: 22_500, last: 22_699 };

const CONFIG_LINES = [
  'readonlymode.enabled=true',
  'minSessionTimeout=500',
  // Without these Apache grants no session in read-only mode; and none could own an ephemeral while there is a quorum.
  'localSessionsEnabled=true',
  'localSessionsUpgradingEnabled=true',
];

async function play(kind: ServerKind): Promise<Transcript> {
  const ensemble = await TestEnsemble.start({
    kinds: [kind, kind, kind],
    ports: PORTS,
    configLines: CONFIG_LINES,
    server: { javaArguments: ['-Dreadonlymode.enabled=true'] },
  });
  try {
    return await playReadOnly(ensemble);
  } finally {
    await ensemble.stop();
  }
}

describeWith('a member that is cut off from the quorum', [needsApache, needsCorral, needsKazoo], () => {
  it('reads to those who accept it, refuses writes, and lets its clients go when the quorum is back: as Apache does', async () => {
    const [apache, corral] = await Promise.all([play('apache'), play('corral')]);
    expect(corral).toEqual(apache);
    expect(apache).toMatchObject({
      'a client that accepts read-only: handshake': { readOnly: 1, session: 'granted' },
      'a client that does not accept read-only: handshake': 'closed',
      'write: setData': [{ error: '-119 NotReadOnly' }],
      kazoo: ['CONNECTED_RO', '/ro/child', 'NotReadOnlyCallError', 'CONNECTED', 'done'],
    });
  });
});

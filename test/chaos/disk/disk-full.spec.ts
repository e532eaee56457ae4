/** A full disk: nothing is acknowledged, clients are told, reads go on, and after space is freed everything is there. */
import { it } from '@jest/globals';
import { describeWith } from '../../interop/harness/requirements.js';
import { needsFaultyDisk } from '../faults/faulty-disk.js';
import { againstApache, needsServer } from '../support/servers.js';
import { tellFaultStory } from './fault-story.js';

describeWith('a full disk', [needsServer, needsFaultyDisk], () => {
  it('acknowledges nothing when there is no space at all', async () => {
    await tellFaultStory({ writes: 'no-space', pathPart: '/data/' });
  }, 60_000);

  it('acknowledges nothing when the space ends in the middle of a record', async () => {
    await tellFaultStory({ bytesLeft: 20_011, pathPart: '/data/' });
  }, 60_000);

  it('acknowledges nothing when the log has space and the tree has none', async () => {
    // What the log alone holds would be safe, but it could not be let go, ever.
    await tellFaultStory({ writes: 'no-space', pathPart: againstApache ? '/snapshot.' : '/tree.lmdb' });
  }, 60_000);

  it('acknowledges nothing when writes to the log fail with EIO', async () => {
    await tellFaultStory({ writes: 'io-error', pathPart: '/log.' });
  }, 60_000);
});

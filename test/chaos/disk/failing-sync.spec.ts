/** A sync that fails or does not return: an acknowledgement promises what is on disk, and nothing less. */
import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { getData } from '../client/requests.js';
import { describeWith } from '../../interop/harness/requirements.js';
import { needsFaultyDisk } from '../faults/faulty-disk.js';
import { eventually } from '../support/eventually.js';
import { needsServer } from '../support/servers.js';
import { reckon, setStage, tellFaultStory } from './fault-story.js';
import { fateOf } from './probe.js';

describeWith('a failing sync', [needsServer, needsFaultyDisk], () => {
  it('is never acknowledged over', async () => {
    await tellFaultStory({ syncs: 'io-error', pathPart: '/log.' });
  }, 60_000);

  it('is never acknowledged over when every file fails', async () => {
    await tellFaultStory({ syncs: 'io-error', pathPart: '/data/' });
  }, 60_000);

  it('ends all acknowledgements for good, even when the next sync would succeed', async () => {
    // After a failed fdatasync the kernel may have dropped the pages: a second one that succeeds proves nothing.
    await tellFaultStory({ syncs: 'io-error-once', pathPart: '/log.' });
  }, 60_000);
});

describeWith('a sync that does not return', [needsServer, needsFaultyDisk], () => {
  it('holds acknowledgements back, and nothing else', async () => {
    const { disk, server, reader, writers } = await setStage();
    let last = server;
    try {
      await delay(150);
      disk.set({ syncs: 'freeze', pathPart: '/data/' });
      await delay(500);
      const answered = writers.map((writer) => writer.answeredCount);
      await delay(1_000);
      expect(writers.map((writer) => writer.answeredCount)).toEqual(answered);
      expect(await fateOf(reader, getData('/known'), 1_000)).toBe('acknowledged');

      disk.lift();
      await eventually('acknowledgements go on after the freeze', () =>
        writers.every((writer, i) => writer.answeredCount > (answered[i] ?? 0)),
      );
      await server.kill();
      last = await server.restart();
      await reckon(last.clientPort, writers);
    } finally {
      reader.destroy();
      await last.stop('SIGKILL');
      disk.remove();
    }
  }, 60_000);
});

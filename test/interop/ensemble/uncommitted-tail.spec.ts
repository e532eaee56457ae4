/** A member of an Apache ensemble that becomes Corral's, and whose log ends in what nobody else has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { RawClient } from '../../chaos/client/raw-client.js';
import { create, ErrorCode, exists, sync } from '../../chaos/client/requests.js';
import { eventually } from '../../chaos/support/eventually.js';
import { TestEnsemble } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

const PORTS = { first: 22_900, last: 22_999 };
const NOTHING = Buffer.alloc(0);

describeWith('the data of an Apache member that was the only one to log something', [needsApache, needsCorral], () => {
  let ensemble: TestEnsemble;

  afterEach(async () => {
    await ensemble.stop();
  });

  const request = async (member: number, ...requests: Parameters<RawClient['request']>[0][]): Promise<number[]> => {
    const client = await RawClient.connect({ port: ensemble.clientPort(member) });
    try {
      const errors: number[] = [];
      for (const each of requests) errors.push((await client.request(each)).error);
      return errors;
    } finally {
      client.destroy();
    }
  };

  const hasLogged = (member: number, text: string): boolean => {
    const directory = join(ensemble.dataDirectory(member), 'version-2');
    const logs = readdirSync(directory).filter((name) => name.startsWith('log.'));
    return logs.some((name) => readFileSync(join(directory, name)).includes(text));
  };

  it('is taken over, and loses just that', async () => {
    ensemble = await TestEnsemble.start({ kinds: ['apache', 'apache', 'apache'], ports: PORTS });
    const leader = await ensemble.leader();
    const others = ensemble.ids.filter((id) => id !== leader);
    expect(await request(leader, create('/kept', NOTHING))).toEqual([ErrorCode.ok]);

    const client = await RawClient.connect({ port: ensemble.clientPort(leader) });
    for (const id of others) ensemble.server(id).signal('SIGSTOP');
    const unanswered = Promise.allSettled(['/lost-1', '/lost-2'].map((path) => client.request(create(path, NOTHING))));
    await eventually('the leader has logged what nobody else has', () => hasLogged(leader, '/lost-2'));
    await ensemble.stopMember(leader, 'SIGKILL');
    // What the leader has sent is in their sockets only, and goes with them.
    for (const id of others) await ensemble.stopMember(id, 'SIGKILL');
    expect((await unanswered).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

    // While nothing is written a leader of Apache asks to truncate; later it would send its tree.
    await Promise.all(others.map((id) => ensemble.startMember(id)));
    await ensemble.startMember(leader, 'corral');
    const answers = await request(leader, sync('/'), ...['/kept', '/lost-1', '/lost-2'].map(exists));
    const { noNode, ok } = ErrorCode;
    expect(answers).toEqual([ok, ok, noNode, noNode]);
    expect(await request(leader, create('/after', NOTHING))).toEqual([ok]);
    expect(readFileSync(join(ensemble.dataDirectory(leader), '..', 'server.log'), 'utf8')).toMatch(
      /truncated the transaction log/,
    );
  });
});

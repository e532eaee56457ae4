/** Five members in three groups: not their number decides, but that of the groups, for both kinds of servers and for both together. */
import { afterEach, expect, it } from '@jest/globals';
import { RawClient } from '../../chaos/client/raw-client.js';
import { create, ErrorCode, exists, sync } from '../../chaos/client/requests.js';
import { eventually } from '../../chaos/support/eventually.js';
import { type ServerKind, TestEnsemble } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

const PORTS = { first: 22_700, last: 22_799 };
const LINES = [
  'tickTime=400',
  'group.1=1',
  'group.2=2',
  'group.3=3:4:5',
  ...[1, 2, 3, 4, 5].map((id) => `weight.${id}=1`),
];

describeWith('an ensemble in groups', [needsApache, needsCorral], () => {
  let ensemble: TestEnsemble | undefined;

  afterEach(async () => {
    await ensemble?.stop();
  });

  it.each<[string, ServerKind[]]>([
    ['Corral', ['corral', 'corral', 'corral', 'corral', 'corral']],
    ['Apache', ['apache', 'apache', 'apache', 'apache', 'apache']],
    ['both kinds', ['corral', 'apache', 'corral', 'apache', 'corral']],
  ])(
    'of %s goes on with two groups of three, though most members are gone, and stops with one',
    async (_title, kinds) => {
      const members = await TestEnsemble.start({ kinds, ports: PORTS, configLines: LINES });
      ensemble = members;
      const write = async (id: number, path: string): Promise<number> => {
        const client = await RawClient.connect({ port: members.clientPort(id), handshakeTimeoutMs: 3_000 });
        try {
          return (await client.request(create(path, Buffer.from('x')))).error;
        } finally {
          client.destroy();
        }
      };
      expect(await write(1, '/all')).toBe(ErrorCode.ok);

      for (const id of [3, 4, 5]) await members.stopMember(id, 'SIGKILL');
      await eventually(
        'two of five members go on',
        async () => (await write(2, '/two').catch(() => -1)) === ErrorCode.ok,
        30_000,
      );

      await Promise.all([3, 4, 5].map((id) => members.startMember(id)));
      for (const id of [1, 2]) await members.stopMember(id, 'SIGKILL');
      const serving = async (): Promise<boolean> =>
        (await Promise.all([3, 4, 5].map((id) => members.mode(id)))).some((mode) => mode !== undefined);
      await eventually('three of five members stop', async () => !(await serving()), 30_000);

      await members.startMember(1);
      await eventually('two groups go on', async () => (await members.mode(3)) !== undefined, 30_000);
      const client = await RawClient.connect({ port: members.clientPort(3) });
      await client.request(sync('/'));
      for (const path of ['/all', '/two']) expect((await client.request(exists(path))).error).toBe(ErrorCode.ok);
      client.destroy();
    },
  );
});

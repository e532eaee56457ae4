import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensembleText } from './ensemble-text.js';
import { loadConfiguration, type LoadedConfiguration } from './load-configuration.js';

const THREE = ['server.1=a:2888:3888;2181', 'server.2=b:2888:3888;2181', 'server.3=c:2888:3888:observer;10.0.0.3:2182'];

describe('the configuration of an ensemble', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-ensemble-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const load = (lines: readonly string[], myid?: string, name = 'zoo.cfg'): Promise<LoadedConfiguration> => {
    if (myid !== undefined) writeFileSync(join(directory, 'myid'), myid);
    const file = join(directory, name);
    writeFileSync(file, name === 'zoo.cfg' ? [`dataDir=${directory}`, ...lines].join('\n') : lines.join('\n'));
    return loadConfiguration(file);
  };
  const problems = (lines: readonly string[], myid?: string): Promise<string> =>
    load(lines, myid).then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    );

  it('takes the place of a member from myid, and where it serves clients from its line', async () => {
    const { config } = await load(THREE, '3\n');
    expect(config.ensemble).toMatchObject({ serverId: 3, self: { role: 'observer' } });
    expect(config).toMatchObject({
      clientPort: 2182,
      clientAddress: '10.0.0.3',
      initLimitTicks: 10,
      syncLimitTicks: 5,
    });
  });

  it('stands alone with one line, and asks for no myid', async () => {
    expect((await load(THREE.slice(0, 1))).config).toMatchObject({ ensemble: undefined, clientPort: 2181 });
  });

  it('takes the same from a corral.yaml', async () => {
    const { config } = await load(
      [
        `data: { directory: ${directory} }`,
        'members:',
        '  1: a:2888:3888;2181',
        '  2: b:2888:3888',
        'groups: { 1: [1, 2] }',
        'weights:',
        '  2: 3',
        'ensemble: { serverId: 2, syncLimitTicks: 7, heartbeatMs: 50 }',
      ],
      undefined,
      'corral.yaml',
    );
    expect(config).toMatchObject({ syncLimitTicks: 7, heartbeatMs: 50 });
    expect(config.ensemble).toMatchObject({ serverId: 2, self: { id: 2 } });
    expect(ensembleText(config.ensemble!)).toBe(
      [
        'server.1=a:2888:3888:participant;0.0.0.0:2181',
        'server.2=b:2888:3888:participant',
        'group.1=1:2',
        'weight.1=1',
        'weight.2=3',
        'version=0',
      ].join('\n'),
    );
  });

  it.each([
    ['a missing myid', undefined, /myid: does not exist; allowed: a file that holds .* one of 1, 2, 3/],
    ['a foreign myid', '4', /myid: 4 is no member of this ensemble; allowed: one of 1, 2, 3/],
    ['a myid that is no number', 'one', /myid: holds "one"; allowed: /],
  ])('refuses %s', async (_, myid, message) => {
    expect(await problems(THREE, myid)).toMatch(message);
  });

  it.each([
    [['server.1=a:1:2', 'server.2=a:1:3'], /server\.2: a:1 is used also by server\.1/],
    [['server.1=a:1:1', 'server.2=b:1:2'], /server\.1: a:1 is used twice/],
    [['server.1=a:1:2:observer', 'server.2=b:1:2:observer'], /every member is an observer/],
    [['server.1=a:1:2', 'server.256=b:1:2'], /is member 256; allowed: numbers from 0 to 255/],
    [['server.1=a:2181:2', 'server.2=b:1:2'], /port 2181 is the clients' one/],
    [['server.1=a:1:2', 'server.2=b:1:2', 'weight.3=1'], /weight\.3: there is no server\.3/],
    [['server.1=a:1:2', 'server.2=b:1:2', 'group.1=1'], /server\.2: is in no group/],
    [['server.1=a:1:2', 'server.2=b:1:2', 'group.1=1:2', 'group.2=2'], /group\.2: server 2 is in group 1 too/],
    [['server.1=a:1:2', 'server.2=b:1:2', 'electionAlg=0'], /electionAlg: 0; allowed: an integer from 3 to 3/],
    [['server.1=a:1:2', 'server.2=b:1'], /server\.2: "b:1"; allowed: <host>:<quorum port>/],
  ])('refuses %j', async (lines, message) => {
    expect(await problems(lines, '1')).toMatch(message);
  });

  it('says that peerType and the line of the member differ', async () => {
    const { remarks } = await load([...THREE, 'peerType=participant'], '3');
    expect(remarks).toContainEqual({
      level: 'warn',
      sentence: 'peerType says participant, and server.3 says observer, which counts',
    });
  });
});

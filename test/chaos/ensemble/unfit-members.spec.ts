/** Members that do not fit, and strangers: each is told what is wrong and what would be right, and the others go on. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestEnsemble } from '../../interop/harness/index.js';
import { describeWith, needsCorral } from '../../interop/harness/requirements.js';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode } from '../client/requests.js';
import { logFilesOf, recordsOf } from '../disk/log-file.js';
import { eventually } from '../support/eventually.js';
import { outputUntil, spawnServer } from '../support/servers.js';

const PORTS = { first: 21_450, last: 21_499 };
const LINES = ['tickTime=400'];
/** The member that is spoilt. */
const UNFIT = 3;

describeWith('a member that does not fit', [needsCorral], () => {
  let ensemble: TestEnsemble;
  let data: string;
  let saved: string;
  let foreign: string;
  let writes = 0;

  /** What all of them can take: one write, or some, acknowledged by a member. */
  const write = async (to: TestEnsemble, id: number, count = 1): Promise<void> => {
    const client = await RawClient.connect({ port: to.clientPort(id) });
    for (let at = 0; at < count; at += 1) {
      writes += 1;
      expect((await client.request(create(`/n${writes}`, Buffer.from('x')))).error).toBe(ErrorCode.ok);
    }
    client.destroy();
  };

  /** Another ensemble, which has seen more leaders than this one. */
  const foreignData = async (): Promise<string> => {
    const other = await TestEnsemble.start({ kinds: ['corral', 'corral'], ports: PORTS, configLines: LINES });
    await write(other, 1, 5);
    for (let turn = 0; turn < 2; turn += 1) {
      for (const id of other.ids) await other.stopMember(id, 'SIGKILL');
      await Promise.all(other.ids.map((id) => other.startMember(id)));
      await write(other, 1, 5);
    }
    for (const id of other.ids) await other.stopMember(id);
    const copy = `${saved}-foreign`;
    execFileSync('cp', ['-a', other.dataDirectory(1), copy]);
    writeFileSync(join(copy, 'myid'), `${UNFIT}\n`);
    await other.stop();
    return copy;
  };

  const replaceWith = (source: string): void => {
    rmSync(data, { recursive: true });
    execFileSync('cp', ['-a', source, data]);
  };

  const flipByte = (file: string, at: number): void => {
    const bytes = readFileSync(file);
    bytes[at]! ^= 0xff;
    writeFileSync(file, bytes);
  };

  const set = (file: string, text: string) => (): void => {
    writeFileSync(join(data, file), text);
  };

  beforeAll(async () => {
    ensemble = await TestEnsemble.start({ kinds: ['corral', 'corral', 'corral'], ports: PORTS, configLines: LINES });
    data = ensemble.dataDirectory(UNFIT);
    saved = `${data}-saved`;
    await write(ensemble, 1, 30);
    await ensemble.stopMember(UNFIT);
    execFileSync('cp', ['-a', data, saved]);
    foreign = await foreignData();
    // What the others have since is not in the saved data.
    await write(ensemble, 1, 10);
  }, 60_000);

  afterAll(async () => {
    await ensemble.stop();
  });

  it.each<[string, () => void, RegExp]>([
    ['a number that nobody has', set('myid', '7\n'), /myid: 7 is no member of this ensemble; allowed: one of 1, 2, 3/],
    ['the number of another member', set('myid', '2\n'), /127\.0\.0\.1:\d+ is taken: another program listens there/],
    [
      'no number',
      () => rmSync(join(data, 'myid')),
      /myid: does not exist; allowed: a file that holds the number of this/,
    ],
    [
      'a damaged log',
      () => {
        const file = logFilesOf(data).at(-1)!;
        const records = recordsOf(file);
        flipByte(file, records[Math.floor(records.length / 2)]!.end - 6);
      },
      /the transaction log is damaged: .* move the data directory away and start again/,
    ],
    [
      'epoch files older than its log',
      () => {
        set('version-2/acceptedEpoch', '0')();
        set('version-2/currentEpoch', '0')();
      },
      /acceptedEpoch says 0, but log and tree go to 0x[0-9a-f]+, which is of epoch \d/,
    ],
    [
      'an old acceptedEpoch',
      set('version-2/acceptedEpoch', '0'),
      /acceptedEpoch says 0, which is older than currentEp/,
    ],
    [
      'a currentEpoch of the future',
      set('version-2/currentEpoch', '9'),
      /acceptedEpoch says \d, .* older than currentEp/,
    ],
    [
      'the tree of another ensemble',
      () => execFileSync('cp', [join(foreign, 'corral/tree.lmdb'), join(data, 'corral/tree.lmdb')]),
      /acceptedEpoch says \d, but log and tree go to 0x[0-9a-f]+/,
    ],
    [
      'garbage for a tree',
      set('corral/tree.lmdb', 'x'.repeat(10_000)),
      /tree\.lmdb does not begin as a tree does: put/,
    ],
    [
      'the data of another ensemble',
      () => replaceWith(foreign),
      /stays out of the ensemble reason=".* the data of this member is of another ensemble or another time. Move it aw/,
    ],
  ])('because it has %s stays out and says so', async (_title, spoil, says) => {
    replaceWith(saved);
    spoil();
    const member = spawnServer(dirname(data));
    try {
      expect(await outputUntil(member, says, 15_000)).toMatch(says);
      await write(ensemble, 1);
      await write(ensemble, 2);
    } finally {
      member.kill('SIGKILL');
    }
  });

  it('because both its epochs are of the future is not followed, and goes along with the others', async () => {
    replaceWith(saved);
    set('version-2/acceptedEpoch', '9')();
    set('version-2/currentEpoch', '9')();
    await ensemble.startMember(UNFIT);
    await write(ensemble, 1);
    expect(await ensemble.mode(UNFIT)).toBe('follower');
    expect(ensemble.log(1)).toMatch(
      /the history of member 3, the leader, .* is committed here: its data or its epoch fil/,
    );
    await write(ensemble, UNFIT);
  });

  it('fits again once it is mended', async () => {
    await ensemble.stopMember(UNFIT);
    replaceWith(saved);
    await ensemble.startMember(UNFIT);
    await write(ensemble, UNFIT);
  });

  it.each<[string, 'quorumPort' | 'electionPort', string, RegExp]>([
    [
      'garbage on the quorum port',
      'quorumPort',
      '127.0.0.1',
      /connection to another member closed peer=127\.0\.0\.1:\d+ rea/,
    ],
    [
      'garbage on the election port',
      'electionPort',
      '127.0.0.1',
      /election connection closed .*from=127\.0\.0\.1 reason=/,
    ],
    [
      'a stranger at the quorum port',
      'quorumPort',
      '127.0.0.2',
      /the quorum port closed: no member has this address.*127\.0\.0\.2/,
    ],
    [
      'a stranger at the election port',
      'electionPort',
      '127.0.0.2',
      /the election port closed: no member has this addres.*127\.0\.0\.2/,
    ],
  ])('%s is cut off and told of, and disturbs nobody', async (_title, port, localAddress, says) => {
    const leader = await ensemble.leader();
    const socket = connect({ host: '127.0.0.1', port: ensemble.ports(leader)[port], localAddress });
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.alloc(4096, 0xee));
    await closed;
    await eventually('it is in the log', () => says.test(ensemble.log(leader)));
    await write(ensemble, UNFIT);
    expect(await ensemble.leader()).toBe(leader);
  });
});

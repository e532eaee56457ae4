import { describe, expect, it } from '@jest/globals';
import { settingsByZooCfgKey } from './coordinator-settings.js';
import { readZooCfg } from './zoo-cfg.js';

const noFiles = (): string => {
  throw new Error('no such file');
};

function read(text: string, readText: (path: string) => string = noFiles) {
  const { values, problems, remarks } = readZooCfg('zoo.cfg', `dataDir=/d\n${text}`, readText);
  const byProperty = Object.fromEntries(values.map(({ property, value }) => [property, value]));
  return { values: byProperty, problems, remarks };
}

describe('readZooCfg', () => {
  it.each([
    ['tickTime=3000', { tickMs: 3000 }],
    ['dataLogDir=/l', { logDirectory: '/l' }],
    ['clientPortAddress=[::1]', { clientAddress: '::1' }],
    ['maxClientCnxns=0', { connectionsPerAddressMax: 0 }],
    ['minSessionTimeout=-1', { sessionTimeoutMsMin: -1 }],
    ['4lw.commands.whitelist=stat, ruok ,', { fourLetterWords: ['stat', 'ruok'] }],
    ['skipACL=yes', { aclChecksSkipped: true }],
    ['enforceQuota=TRUE', { quotasEnforced: true }],
    ['zookeeper.jute.maxbuffer=4194304', { frameBytesMax: 4_194_304 }],
    ['jute.maxbuffer=5\nzookeeper.jute.maxbuffer=6', { frameBytesMax: 5 }],
    ['zookeeper.jute.maxbuffer=6\njute.maxbuffer=5', { frameBytesMax: 5 }],
    ['tickTime=1\ntickTime=2', { tickMs: 2 }],
    ['clientPort=x', { clientPort: 'x' }],
    ['server.1=h:2888:3888;2182', { clientPort: 2182 }],
    ['server.1=h:2888:3888;10.1.1.1:2182', { clientPort: 2182, clientAddress: '10.1.1.1' }],
    ['clientPort=5\nserver.1=h:2888:3888;2182', { clientPort: 5 }],
  ])('takes %j', (text, expected) => {
    const { values, problems } = read(text);
    expect(problems).toEqual([]);
    expect(values).toEqual({ dataDirectory: '/d', ...expected });
  });

  it('accepts every setting with the prefix of a system property too', () => {
    for (const { zooCfg, property } of settingsByZooCfgKey.values()) {
      expect(Object.keys(read(`zookeeper.${zooCfg}=1`).values)).toContain(property);
    }
  });

  it('names the keys that it does not know, with their lines, in one warning', () => {
    expect(read('foo=1\nzookeeper.bar=2\ntoString=3').remarks).toEqual([
      { level: 'warn', sentence: 'unknown keys are ignored: foo (line 2), zookeeper.bar (line 3), toString (line 4)' },
    ]);
  });

  it('shows no more of a file that is something else than a terminal can bear', () => {
    const lines = Array.from({ length: 100 }, (_, n) => `\u001b[${n}m${'x'.repeat(100)}=1`);
    const [remark] = read(lines.join('\n')).remarks;
    expect(remark?.sentence).toMatch(/^unknown keys are ignored: \?\[0mx+ \(line 2\), .* and 80 more$/);
    expect(remark?.sentence.length).toBeLessThan(2000);
  });

  it('says which key a misspelled one resembles', () => {
    expect(read('tickTme=2000').remarks).toEqual([
      { level: 'warn', sentence: 'unknown keys are ignored: tickTme (line 2; did you mean tickTime?)' },
    ]);
  });

  it('mentions keys that Corral does not need where only those see them who look closer', () => {
    expect(read('snapCount=10\nautopurge.snapRetainCount=3').remarks).toEqual([
      { level: 'debug', sentence: 'keys that Corral does not need: snapCount, autopurge.snapRetainCount' },
    ]);
  });

  it('warns of what the operator will miss', () => {
    expect(read('secureClientPort=2281').remarks).toEqual([
      {
        level: 'warn',
        sentence: 'secureClientPort has no effect: clients cannot connect by TLS; this port is not opened',
      },
    ]);
  });

  it('refuses a lock that it does not have, and takes it when it is open', () => {
    expect(read('sessionRequireClientSASLAuth=true').problems).toEqual([
      expect.objectContaining({ key: 'sessionRequireClientSASLAuth', line: 2 }),
    ]);
    expect(read('sessionRequireClientSASLAuth=false').problems).toEqual([]);
  });

  it('reads the members, from the dynamic file too', () => {
    const members = 'server.1=a:2888:3888;2181\nserver.2=b:2888:3888;2181';
    expect(readZooCfg('zoo.cfg', `dataDir=/d\n${members}`, noFiles).ensemble.members).toHaveLength(2);
    const dynamic = readZooCfg('zoo.cfg', 'dataDir=/d\ndynamicConfigFile=zoo.dyn', () => members);
    expect(dynamic.ensemble).toMatchObject({ version: 0, members: [{ id: 1 }, { id: 2 }] });
    expect(read('dynamicConfigFile=zoo.dyn').problems).toEqual([
      { key: 'dynamicConfigFile', line: 2, sentence: 'cannot be read: no such file' },
    ]);
  });

  it('takes the version of the members from the name of the dynamic file, as Apache does', () => {
    const { ensemble } = readZooCfg(
      'zoo.cfg',
      'dataDir=/d\ndynamicConfigFile=/etc/zoo.cfg.dynamic.10000000a',
      () => '',
    );
    expect(ensemble.version).toBe(0x10000000a);
  });

  it('wants a data directory, as Apache does', () => {
    expect(readZooCfg('zoo.cfg', 'clientPort=2181', noFiles).problems).toEqual([
      { key: 'dataDir', line: undefined, sentence: 'is missing; allowed: a directory' },
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ConfigurationError } from './configuration-error.js';
import type { CoordinatorConfig } from './coordinator-config.js';
import { settingsByYamlPath } from './coordinator-settings.js';
import { loadConfiguration } from './load-configuration.js';

const repository = resolve(import.meta.dirname, '../../../..');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'corral-configuration-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function fileWith(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

async function load(name: string, text: string): Promise<CoordinatorConfig> {
  return (await loadConfiguration(fileWith(name, text))).config;
}

async function problemsOf(name: string, text: string): Promise<string[]> {
  const file = fileWith(name, text);
  const error = await loadConfiguration(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as Error).message.split('\n').map((line) => line.replace(file, name));
}

describe('loadConfiguration', () => {
  it('has ZooKeeper defaults, the loopback address and TTL znodes when there is no file', async () => {
    const { config, remarks } = await loadConfiguration();
    expect(remarks).toEqual([]);
    expect(config).toMatchObject({
      file: undefined,
      dataDirectory: resolve('data'),
      logDirectory: resolve('data'),
      clientPort: 2181,
      clientAddress: '127.0.0.1',
      clientAddressExplicit: false,
      tickMs: 2000,
      sessionTimeoutMsMin: 4000,
      sessionTimeoutMsMax: 40_000,
      connectionsPerAddressMax: 60,
      frameBytesMax: 1_048_575,
      adminPort: 8180,
      adminAddress: '127.0.0.1',
      extendedTypesEnabled: true,
    });
    expect([...config.fourLetterWords]).toEqual(['srvr']);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('derives session timeouts from the tick', async () => {
    const config = await load('zoo.cfg', 'dataDir=/d\ntickTime=500\nmaxSessionTimeout=90000');
    expect(config).toMatchObject({ sessionTimeoutMsMin: 1000, sessionTimeoutMsMax: 90_000 });
  });

  it('binds to where the file says, and to the loopback address when it says nothing', async () => {
    const silent = await load('zoo.cfg', 'dataDir=/d\nclientPort=2181');
    expect(silent).toMatchObject({ clientAddress: '127.0.0.1', clientAddressExplicit: false });
    const open = await load('zoo.cfg', 'dataDir=/d\nclientPortAddress=0.0.0.0');
    expect(open).toMatchObject({ clientAddress: '0.0.0.0', clientAddressExplicit: true });
  });

  it('enables srvr always, isro in read-only mode, and everything with *', async () => {
    const config = await load('zoo.cfg', 'dataDir=/d\n4lw.commands.whitelist=ruok\nreadonlymode.enabled=true');
    expect([...config.fourLetterWords].sort()).toEqual(['isro', 'ruok', 'srvr']);
    expect(config.fourLetterWordsAll).toBe(false);
    expect((await load('zoo.cfg', 'dataDir=/d\n4lw.commands.whitelist=*')).fourLetterWordsAll).toBe(true);
  });

  it('tells every problem of a zoo.cfg at once, with line, key, value and what is allowed', async () => {
    expect(
      await problemsOf('zoo.cfg', 'dataDir=/d\ntickTime=0\nclientPort=many\nskipACL=maybe\nadmin.serverAddress=1.2.3'),
    ).toEqual([
      'zoo.cfg:2: tickTime: 0; allowed: an integer from 1 to 86400000',
      'zoo.cfg:3: clientPort: "many"; allowed: an integer from 0 to 65535',
      'zoo.cfg:4: skipACL: "maybe"; allowed: true or false',
      'zoo.cfg:5: admin.serverAddress: "1.2.3"; allowed: an IP address or a host name; 0.0.0.0 means every address of this machine',
    ]);
  });

  it.each([
    ['clientPort=65535', true],
    ['clientPort=65536', false],
    ['clientPort=-1', false],
    ['clientPort=1e3', false],
  ])('%s: allowed is %p', async (line, allowed) => {
    const loaded = load('zoo.cfg', `dataDir=/d\n${line}`);
    await (allowed ? expect(loaded).resolves.toBeDefined() : expect(loaded).rejects.toThrow('clientPort: '));
  });

  it('tells of unknown keys along with what is wrong, for whoever opens the file to mend it', async () => {
    expect(await problemsOf('zoo.cfg', 'dataDir=/d\ntickTme=5\nclientPort=high\nsnapCount=3')).toEqual([
      'zoo.cfg:3: clientPort: "high"; allowed: an integer from 0 to 65535',
      'zoo.cfg: unknown keys are ignored: tickTme (line 2; did you mean tickTime?)',
    ]);
  });

  it('does not repeat a secret', async () => {
    const [problem = ''] = await problemsOf(
      'zoo.cfg',
      'dataDir=/d\nDigestAuthenticationProvider.superDigest=super:hunter2',
    );
    expect(problem).toContain('superDigest: is not shown here; allowed: ');
    expect(problem).not.toContain('hunter2');
  });

  it.each([
    ['minSessionTimeout=9\nmaxSessionTimeout=5', 'minSessionTimeout'],
    ['clientPort=2181\nadmin.serverPort=2181', 'admin.serverPort'],
  ])('sees that %j do not go together', async (text, key) => {
    expect(await problemsOf('zoo.cfg', `dataDir=/d\n${text}`)).toEqual([expect.stringContaining(`${key} (`)]);
  });

  it('reads the nested form', async () => {
    const text = [
      'tickMs: 1000',
      'data: { directory: /d, logDirectory: /l }',
      'clients:',
      '  port: 2182',
      '  address: "::"',
      'sessions: { timeoutMsMax: 60000 }',
      'fourLetterWords: [ruok, mntr]',
      'admin: { enabled: false }',
      'quotasEnforced: true',
      'security:',
    ].join('\n');
    expect(await load('corral.yaml', text)).toMatchObject({
      tickMs: 1000,
      dataDirectory: '/d',
      logDirectory: '/l',
      clientPort: 2182,
      clientAddress: '::',
      sessionTimeoutMsMin: 2000,
      sessionTimeoutMsMax: 60_000,
      adminEnabled: false,
      quotasEnforced: true,
      fourLetterWords: new Set(['ruok', 'mntr', 'srvr']),
    });
  });

  it('tells every problem of a corral.yaml at once, unknown keys with the nearest one', async () => {
    const text = 'tickMs: soon\nclients:\n  prot: 1\n  port: 1.5\nadmin: 5\nfourLetterWords: [stat, x]';
    expect(await problemsOf('corral.yaml', text)).toEqual([
      'corral.yaml:1: tickMs: "soon"; allowed: an integer from 1 to 86400000',
      'corral.yaml:3: clients.prot: does not exist; did you mean clients.port?',
      'corral.yaml:4: clients.port: 1.5; allowed: an integer from 0 to 65535',
      'corral.yaml:5: admin: is a group; allowed: settings below it, such as admin.enabled',
      'corral.yaml:6: fourLetterWords: "stat,x"; allowed: four-letter words with commas between them, or * for all',
    ]);
  });

  it.each([['a: [1'], ['- 1'], ['just text']])('refuses %j', async (text) => {
    expect(await problemsOf('corral.yaml', text)).toHaveLength(1);
  });

  it('takes an empty corral.yaml for the defaults', async () => {
    const { config } = await loadConfiguration();
    expect(await load('corral.yaml', '# nothing yet\n')).toEqual({ ...config, file: join(directory, 'corral.yaml') });
  });

  it('says that a file does not exist', async () => {
    await expect(loadConfiguration(join(directory, 'none.cfg'))).rejects.toThrow(/none\.cfg: does not exist$/);
    await expect(loadConfiguration(directory)).rejects.toThrow(/is a directory/);
  });
});

describe('the files in config/', () => {
  it('corral.yaml shows every setting with its default', async () => {
    const file = join(repository, 'config/corral.yaml');
    const { config } = await loadConfiguration();
    expect((await loadConfiguration(file)).config).toEqual({ ...config, file });
    // What has no default stands there as a comment.
    const text = readFileSync(file, 'utf8').replace(
      /^( *)# (logDirectory|address|superDigest|serverId|peerType):/gm,
      '$1$2:',
    );
    const keys = Object.keys(flatten(parse(text) as Record<string, unknown>));
    expect(keys.sort()).toEqual([...settingsByYamlPath.keys()].sort());
    await expect(load('all.yaml', text)).resolves.toMatchObject({ clientAddress: '0.0.0.0' });
  });

  it('zoo.cfg is read without a remark that anybody sees', async () => {
    const { config, remarks } = await loadConfiguration(join(repository, 'config/zoo.cfg'));
    expect(remarks.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(config.clientPort).toBe(2181);
  });
});

function flatten(tree: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.entries(flatten(value as Record<string, unknown>, `${prefix}${key}.`))
        : [[prefix + key, value]],
    ),
  );
}

import { describe, expect, it } from '@jest/globals';
import { NO_SESSION, type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { answerFourLetterWord, type FourLetterWordContext, fourLetterWords } from './answer-four-letter-word.js';
import type {
  ConnectionFigures,
  EnsembleFigures,
  ReportSource,
  ServerFigures,
  SessionFigures,
} from './report-source.js';
import type { ServerFacts } from './server-facts.js';

// The expected texts are those of Apache ZooKeeper 3.8 for the same figures.

const FIRST = sessionIdOf(0x1000013eb9c0000n);
const SECOND = sessionIdOf(0x1000013eb9c0001n);
const NOON_MS = Date.UTC(2026, 10, 21, 12, 0, 0);

const connection: ConnectionFigures = {
  remoteAddress: '127.0.0.1',
  remotePort: 34174,
  sessionId: FIRST,
  timeoutMs: 10_000,
  establishedAtMs: 1_795_247_946_862,
  packetsReceived: 9,
  packetsSent: 8,
  outstandingRequests: 1,
  lastOperation: 'GETC',
  lastCxid: 8,
  lastZxid: 6 as Zxid,
  lastResponseAtMs: 1_309_761.9,
  latency: { minMs: 0.2, avgMs: 2.1, maxMs: 6.9 },
  lastLatencyMs: 1.4,
};

const greeting: ConnectionFigures = {
  ...connection,
  remoteAddress: '::1',
  remotePort: 5,
  sessionId: NO_SESSION,
  establishedAtMs: NOON_MS,
};

class FakeSource implements ReportSource {
  mode = 'standalone';
  ensemble: EnsembleFigures | undefined;
  resets: string[] = [];

  status(): ServerFigures {
    return {
      mode: this.mode,
      ensemble: this.ensemble,
      lastZxid: 0x1_0000_0006 as Zxid,
      znodeCount: 8,
      ephemeralCount: 2,
      dataSizeBytes: 90,
      sessionCount: 2,
      connectionCount: 3,
      watchCount: 4,
      packetsReceived: 15,
      packetsSent: 14,
      bytesReceived: 533,
      bytesSent: 404,
      outstandingRequests: 1,
      requestLatency: { minMs: 0.3, avgMs: 1.92308, maxMs: 6.7 },
      sessionsExpired: 5,
      connectionsRejected: 6,
      connectionsDropped: 7,
      authFailures: 8,
    };
  }

  connections(): ConnectionFigures[] {
    return [connection, greeting];
  }

  sessions(): SessionFigures[] {
    return [
      { sessionId: SECOND, timeoutMs: 10_000, expiresAtMs: NOON_MS + 2_001, ephemerals: ['/app/b', '/app/c'] },
      { sessionId: FIRST, timeoutMs: 10_000, expiresAtMs: NOON_MS - 1_999, ephemerals: [] },
    ];
  }

  watchesByPath(): [string, SessionId[]][] {
    return [
      ['/app', [FIRST, SECOND]],
      ['/nope', [SECOND]],
    ];
  }

  watchesBySession(): [SessionId, string[]][] {
    return [
      [FIRST, ['/app']],
      [SECOND, ['/app', '/nope']],
    ];
  }

  resetStatistics(): void {
    this.resets.push('server');
  }

  resetConnectionStatistics(): void {
    this.resets.push('connections');
  }
}

const facts: ServerFacts = {
  version: '3.8.0-corral-0.1.0, built on 2026-01-31 12:00 UTC',
  startedAtMs: NOON_MS - 4_658,
  configuration: {
    clientPort: 2181,
    dataDirectory: '/data',
    logDirectory: '/log',
    tickMs: 2000,
    connectionsPerAddressMax: 60,
    sessionTimeoutMsMin: 4000,
    sessionTimeoutMsMax: 40_000,
    serverId: 0,
  },
  directorySizes: () => ({ dataBytes: 100, logBytes: 200 }),
  openFiles: () => ({ open: 275, max: 20_000 }),
  environment: () => [
    ['host.name', 'localhost'],
    ['os.name', 'Linux'],
  ],
};

function contextOf(source: ReportSource | undefined, enabled = fourLetterWords): FourLetterWordContext {
  return { source, facts, isEnabled: (word) => enabled.includes(word), nowMs: () => NOON_MS };
}

function answer(word: string, source: ReportSource | undefined = new FakeSource()): string | undefined {
  return answerFourLetterWord(word, contextOf(source));
}

const SUMMARY = [
  'Latency min/avg/max: 0/1.9231/6',
  'Received: 15',
  'Sent: 14',
  'Connections: 3',
  'Outstanding: 1',
  'Zxid: 0x100000006',
  'Mode: standalone',
  'Node count: 9',
  '',
].join('\n');

describe('answerFourLetterWord', () => {
  it('ruok', () => {
    expect(answer('ruok')).toBe('imok');
  });

  it('srvr', () => {
    expect(answer('srvr')).toBe(`Zookeeper version: ${facts.version}\n${SUMMARY}`);
  });

  it('stat', () => {
    const clients =
      'Clients:\n /127.0.0.1:34174[1](queued=1,recved=9,sent=8)\n /[::1]:5[0](queued=1,recved=9,sent=8)\n\n';
    expect(answer('stat')).toBe(`Zookeeper version: ${facts.version}\n${clients}${SUMMARY}`);
  });

  it('srvr of a read-only member', () => {
    const source = new FakeSource();
    source.mode = 'read-only';
    const [, second] = answer('srvr', source)?.split('\n') ?? [];
    expect(second).toBe('READ-ONLY mode; serving only read-only clients');
  });

  it.each([
    [
      'leader',
      'zk_quorum_size\t3|zk_learners\t3|zk_followers\t2|zk_synced_followers\t1|zk_synced_observers\t1|zk_pending_syncs\t0',
    ],
    ['follower', 'zk_quorum_size\t3|zk_pending_syncs\t0'],
  ])('mntr of a %s', (mode, expected) => {
    const source = new FakeSource();
    source.mode = mode;
    const follower = { role: 'follower', isSynced: true } as const;
    const learners = [follower, { ...follower, isSynced: false }, { role: 'observer', isSynced: true } as const];
    source.ensemble = { quorumSize: 3, pendingSyncs: 0, learners };
    const lines = answer('mntr', source)!.trim().split('\n');
    expect(lines).toContain(`zk_server_state\t${mode}`);
    expect(lines.slice(-expected.split('|').length).join('|')).toBe(expected);
  });

  it('mntr of a member that is cut off: its sessions are its own', () => {
    const source = new FakeSource();
    source.mode = 'read-only';
    source.ensemble = { quorumSize: 3, pendingSyncs: 0, learners: [] };
    const { sessionCount } = source.status();
    const lines = answer('mntr', source)!.trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(['zk_global_sessions\t0', `zk_local_sessions\t${sessionCount}`]));
  });

  it('mntr', () => {
    expect(answer('mntr')).toBe(
      [
        `zk_version\t${facts.version}`,
        'zk_server_state\tstandalone',
        'zk_ephemerals_count\t2',
        'zk_num_alive_connections\t3',
        'zk_avg_latency\t1.9231',
        'zk_outstanding_requests\t1',
        'zk_znode_count\t9',
        'zk_global_sessions\t2',
        'zk_packets_sent\t14',
        'zk_packets_received\t15',
        'zk_watch_count\t4',
        'zk_auth_failed_count\t8',
        'zk_min_latency\t0',
        'zk_max_file_descriptor_count\t20000',
        'zk_approximate_data_size\t90',
        'zk_open_file_descriptor_count\t275',
        'zk_local_sessions\t0',
        'zk_uptime\t4658',
        'zk_max_latency\t6',
        'zk_connection_rejected\t6',
        'zk_connection_drop_count\t7',
        'zk_bytes_received_count\t533',
        'zk_response_bytes\t404',
        'zk_stale_sessions_expired\t5',
        '',
      ].join('\n'),
    );
  });

  it('conf', () => {
    expect(answer('conf')).toBe(
      [
        'clientPort=2181',
        'secureClientPort=-1',
        'dataDir=/data',
        'dataDirSize=100',
        'dataLogDir=/log',
        'dataLogSize=200',
        'tickTime=2000',
        'maxClientCnxns=60',
        'minSessionTimeout=4000',
        'maxSessionTimeout=40000',
        'clientPortListenBacklog=-1',
        'serverId=0',
        '',
      ].join('\n'),
    );
  });

  it('cons', () => {
    expect(answer('cons')).toBe(
      ' /127.0.0.1:34174[1](queued=1,recved=9,sent=8,sid=0x1000013eb9c0000,lop=GETC,est=1795247946862,to=10000,' +
        'lcxid=0x8,lzxid=0x6,lresp=1309761,llat=1,minlat=0,avglat=2,maxlat=6)\n' +
        ' /[::1]:5[0](queued=1,recved=9,sent=8)\n\n',
    );
  });

  it('cons of a session that has done nothing yet', () => {
    const source = new FakeSource();
    source.connections = () => [{ ...connection, lastOperation: 'NA', lastCxid: -1, lastZxid: -1 as Zxid }];
    expect(answer('cons', source)).toContain(',to=10000,lzxid=0xffffffffffffffff,');
  });

  it('wchs', () => {
    expect(answer('wchs')).toBe('2 connections watching 2 paths\nTotal watches:3\n');
  });

  it('wchp', () => {
    expect(answer('wchp')).toBe('/app\n\t0x1000013eb9c0000\n\t0x1000013eb9c0001\n/nope\n\t0x1000013eb9c0001\n\n');
  });

  it('wchc', () => {
    expect(answer('wchc')).toBe('0x1000013eb9c0000\n\t/app\n0x1000013eb9c0001\n\t/app\n\t/nope\n\n');
  });

  it('dump', () => {
    expect(answer('dump')).toBe(
      [
        'SessionTracker dump:',
        'Session Sets (2)/(2):',
        '1 expire at Sat Nov 21 12:00:00 UTC 2026:',
        '\t0x1000013eb9c0000',
        '1 expire at Sat Nov 21 12:00:04 UTC 2026:',
        '\t0x1000013eb9c0001',
        'ephemeral nodes dump:',
        'Sessions with Ephemerals (1):',
        '0x1000013eb9c0001:',
        '\t/app/b',
        '\t/app/c',
        'Connections dump:',
        'Connections Sets (2)/(2):',
        '1 expire at Sat Nov 21 12:00:00 UTC 2026:',
        '\tip: /127.0.0.1:34174 sessionId: 0x1000013eb9c0000',
        '1 expire at Sat Nov 21 12:00:10 UTC 2026:',
        '\tip: /[::1]:5 sessionId: 0x0',
        '',
      ].join('\n'),
    );
  });

  it('envi', () => {
    expect(answer('envi')).toBe(
      `Environment:\nzookeeper.version=${facts.version}\nhost.name=localhost\nos.name=Linux\n`,
    );
  });

  it('dirs', () => {
    expect(answer('dirs')).toBe('datadir_size: 100\nlogdir_size: 200\n');
  });

  it('isro', () => {
    const source = new FakeSource();
    expect(answer('isro', source)).toBe('rw');
    source.mode = 'read-only';
    expect(answer('isro', source)).toBe('ro');
    expect(answerFourLetterWord('isro', contextOf(undefined))).toBe('null');
  });

  it('srst and crst reset what they are for', () => {
    const source = new FakeSource();
    expect(answer('srst', source)).toBe('Server stats reset.\n');
    expect(answer('crst', source)).toBe('Connection stats reset.\n');
    expect(source.resets).toEqual(['server', 'connections']);
  });

  it('gtmk, stmk and hash have nothing to tell', () => {
    expect([answer('gtmk'), answer('stmk'), answer('hash')]).toEqual(['0', '0', '']);
  });

  it('refuses a word that is not on the list', () => {
    const context = contextOf(new FakeSource(), ['srvr']);
    expect(answerFourLetterWord('stat', context)).toBe('stat is not executed because it is not in the whitelist.\n');
    expect(answerFourLetterWord('srvr', context)).toContain('Mode: standalone');
  });

  it('answers without a member what needs none, and says so for the rest', () => {
    const context = contextOf(undefined);
    expect(answerFourLetterWord('ruok', context)).toBe('imok');
    expect(answerFourLetterWord('srvr', context)).toBe('This ZooKeeper instance is not currently serving requests\n');
  });

  it.each(['abcd', '\0\0\0-', 'RUOK', 'toSt'])('does not know %j', (word) => {
    expect(answer(word)).toBeUndefined();
  });
});

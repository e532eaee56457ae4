import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionStatus, MemberStatus, SessionStatus, StatusSource } from '@corral/member';
import type { ServerFacts } from '@corral/net';
import { type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { coordinatorConfigOf } from '../configuration/coordinator-config.js';
import { CoordinatorSettings } from '../configuration/coordinator-settings.js';
import { MemberMetrics } from '../metrics/member-metrics.js';
import { type RunningApplication, startNestApplication } from '../nest-application.js';
import type { Coordinator, CoordinatorPhase } from '../server/coordinator.js';

const SESSION = sessionIdOf(72057679595175937n);
const latency = { minMs: 0.5, avgMs: 1.5, maxMs: 6.5, count: 13 };

const status: MemberStatus = {
  mode: 'standalone',
  ensemble: undefined,
  failure: undefined,
  lastZxid: 6 as Zxid,
  flushedZxid: 5 as Zxid,
  znodeCount: 9,
  ephemeralCount: 2,
  dataSizeBytes: 90,
  sessionCount: 1,
  connectionCount: 1,
  watchCount: 4,
  watchedPathCount: 2,
  packetsReceived: 15,
  packetsSent: 14,
  bytesReceived: 533,
  bytesSent: 404,
  outstandingRequests: 3,
  outstandingRequestsMax: 33,
  requestLatency: latency,
  watchEventsSent: 11,
  sessionsExpired: 5,
  connectionsRejected: 6,
  connectionsDropped: 7,
  authFailures: 8,
};

const connection: ConnectionStatus = {
  remoteAddress: '127.0.0.1',
  remotePort: 34182,
  sessionId: SESSION,
  timeoutMs: 10_000,
  establishedAtMs: 1_795_247_946_862,
  packetsReceived: 4,
  packetsSent: 3,
  outstandingRequests: 1,
  lastOperation: 'EXIS',
  lastCxid: 3,
  lastZxid: 6 as Zxid,
  lastResponseAtMs: 1_309_762,
  latency,
  lastLatencyMs: 2.5,
};

class FakeStatusSource implements StatusSource {
  current: MemberStatus = status;
  resets: string[] = [];
  status = (): MemberStatus => this.current;
  connections = (): ConnectionStatus[] => [connection];
  sessions = (): SessionStatus[] => [
    { sessionId: SESSION, timeoutMs: 10_000, expiresAtMs: 1_319_000, ephemerals: ['/app/members/b'] },
  ];
  watchesByPath = (): [string, SessionId[]][] => [['/nope', [SESSION]]];
  watchesBySession = (): [SessionId, string[]][] => [[SESSION, ['/nope']]];
  resetStatistics = (): void => void this.resets.push('server');
  resetConnectionStatistics = (): void => void this.resets.push('connections');
}

const facts: ServerFacts = {
  version: '3.8.0-corral-0.1.0, built on 2026-01-31 12:00 UTC',
  startedAtMs: Date.now(),
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
  environment: () => [['host.name', 'localhost']],
};

class FakeCoordinator implements Coordinator {
  phase: CoordinatorPhase = 'starting';
  source: FakeStatusSource | undefined = new FakeStatusSource();
  readonly facts = facts;
  readonly metrics = new MemberMetrics(() => undefined, 100);

  async start(): Promise<void> {
    this.phase = 'serving';
  }

  async stop(): Promise<void> {
    this.phase = 'stopped';
  }
}

const coordinator = new FakeCoordinator();
let application: RunningApplication;

beforeAll(async () => {
  const settings = Object.assign(new CoordinatorSettings(), { adminPort: 0 });
  application = await startNestApplication(coordinatorConfigOf(settings, undefined), coordinator, () => undefined);
});

afterAll(async () => {
  await application.close();
});

beforeEach(() => {
  coordinator.phase = 'serving';
  coordinator.source = new FakeStatusSource();
});

async function get(path: string, init?: RequestInit): Promise<{ code: number; type: string; text: string }> {
  const response = await fetch(`http://127.0.0.1:${application.adminPort ?? 0}${path}`, init);
  return { code: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

async function json(path: string): Promise<unknown> {
  const { type, text } = await get(path);
  expect(type).toMatch(/^application\/json/);
  return JSON.parse(text);
}

describe('/', () => {
  it('names the pages, to a program as JSON', async () => {
    const { pages } = (await json('/')) as { pages: Record<string, string> };
    for (const path of Object.keys(pages)) expect((await get(path)).code).toBe(200);
    expect(Object.keys(pages)).toContain('/commands');
  });

  it('shows them to a browser, with links that lead somewhere', async () => {
    const { type, text } = await get('/', { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(type).toBe('text/html; charset=utf-8');
    const links = [...text.matchAll(/href="\.([^"]+)"/g)].map(([, path = '']) => path);
    expect(links).toEqual(expect.arrayContaining(['/health/ready', '/metrics', '/commands/server_stats']));
    for (const path of links) expect((await get(path)).code).toBe(200);
  });
});

describe('/commands', () => {
  it('lists the commands by their first names, and each of them answers with that name', async () => {
    const { commands } = (await json('/commands')) as { commands: string[] };
    expect(commands).toContain('server_stats');
    for (const command of commands) {
      expect(await json(`/commands/${command}`)).toMatchObject({ command, error: null });
    }
  });

  it.each(['ruok', 'stat', 'srvr', 'mntr', 'conf', 'cons', 'wchs', 'wchp', 'wchc', 'dump', 'envi', 'dirs', 'isro'])(
    'knows the four-letter name %s',
    async (word) => {
      expect(await json(`/commands/${word}`)).toMatchObject({ error: null });
    },
  );

  it('has the fields of Apache for srvr and stat', async () => {
    expect(await json('/commands/stats')).toEqual({
      version: facts.version,
      read_only: false,
      server_stats: {
        packets_sent: 14,
        packets_received: 15,
        fsync_threshold_exceed_count: 0,
        client_response_stats: { last_buffer_size: -1, min_buffer_size: -1, max_buffer_size: -1 },
        data_dir_size: 100,
        log_dir_size: 200,
        provider_null: false,
        server_state: 'standalone',
        last_processed_zxid: 6,
        outstanding_requests: 3,
        avg_latency: 1.5,
        max_latency: 6,
        min_latency: 0,
        num_alive_client_connections: 1,
        auth_failed_count: 8,
        uptime: expect.any(Number),
      },
      client_response: { last_buffer_size: -1, min_buffer_size: -1, max_buffer_size: -1 },
      node_count: 9,
      connections: [
        {
          remote_socket_address: '127.0.0.1:34182',
          interest_ops: 1,
          outstanding_requests: 1,
          packets_received: 4,
          packets_sent: 3,
        },
      ],
      secure_connections: [],
      command: 'stats',
      error: null,
    });
  });

  it('has figures as numbers in monitor', async () => {
    expect(await json('/commands/mntr')).toMatchObject({
      version: facts.version,
      server_state: 'standalone',
      avg_latency: 1.5,
      znode_count: 10,
      command: 'monitor',
    });
  });

  it('writes session ids as 64-bit numbers', async () => {
    expect((await get('/commands/cons')).text).toContain('"session_id": 72057679595175937,');
    expect((await get('/commands/wchp')).text).toMatch(/"\/nope": \[\s+72057679595175937\s+\]/);
    expect(await json('/commands/wchc')).toMatchObject({
      session_id_to_watched_paths: { '72057679595175937': ['/nope'] },
    });
  });

  it('groups sessions by the end of the tick in which they expire', async () => {
    const { text } = await get('/commands/dump');
    expect(text).toMatch(/"1320000": \[\s+72057679595175937\s+\]/);
    expect(text).toMatch(/"72057679595175937": \[\s+"\/app\/members\/b"\s+\]/);
  });

  it('resets statistics', async () => {
    await get('/commands/stat_reset');
    await get('/commands/crst');
    expect(coordinator.source?.resets).toEqual(['server', 'connections']);
  });

  it('answers what it does not know with 404, as JSON', async () => {
    expect(await get('/commands/nonsense')).toEqual({
      code: 404,
      type: 'application/json; charset=utf-8',
      text: '{"command":"nonsense","error":"Unknown command: nonsense"}',
    });
    expect((await get('/elsewhere')).code).toBe(404);
    expect(await json('/elsewhere')).toMatchObject({ statusCode: 404 });
  });

  it('answers without a member what needs none, and 503 for the rest', async () => {
    coordinator.source = undefined;
    expect((await get('/commands/ruok')).code).toBe(200);
    const { code, text } = await get('/commands/srvr');
    expect(code).toBe(503);
    expect(text).toContain('not currently serving requests');
  });

  it('takes no other method and no long request', async () => {
    expect((await get('/commands/ruok', { method: 'POST', body: 'x'.repeat(100_000) })).code).toBe(404);
    expect((await get(`/commands/${'x'.repeat(20_000)}`)).code).toBe(431);
    expect((await get('/commands/%zz')).code).toBe(400);
  });
});

describe('/health', () => {
  it('is live whatever the member does', async () => {
    coordinator.source = undefined;
    coordinator.phase = 'starting';
    expect((await get('/health/live')).code).toBe(200);
  });

  it('is ready while the member serves', async () => {
    expect(await json('/health/ready')).toEqual({ status: 'ready', mode: 'standalone' });
  });

  it.each([
    ['starting', () => (coordinator.phase = 'starting'), 'the member is starting'],
    [
      'read-only',
      () => (coordinator.source!.current = { ...status, mode: 'read-only', failure: new Error('ENOSPC: log.1') }),
      'the member is read-only: ENOSPC: log.1',
    ],
    [
      'cut off',
      () => (coordinator.source!.current = { ...status, mode: 'read-only' }),
      'the member is read-only: it has no quorum',
    ],
  ])('is not ready while %s, and says why', async (_state, arrange, reason) => {
    arrange();
    expect((await get('/health/ready')).code).toBe(503);
    expect(await json('/health/ready')).toEqual({ status: 'not ready', reason });
  });
});

describe('/metrics', () => {
  it('shows the figures of the moment of the scrape', async () => {
    const before = await get('/metrics');
    expect(before.type).toContain('version=0.0.4');
    expect(before.text).toContain('\ncorral_znodes 9\n');
    expect(before.text).toContain('\ncorral_packets_received_total 15\n');
    expect(before.text).toContain('\ncorral_mode{mode="standalone"} 1\n');
    expect(before.text).toContain('\nprocess_resident_memory_bytes ');
    coordinator.source!.current = { ...status, znodeCount: 10, mode: 'read-only' };
    const after = await get('/metrics');
    expect(after.text).toContain('\ncorral_znodes 10\n');
    expect(after.text).toContain('\ncorral_mode{mode="standalone"} 0\n');
  });

  it('shows histograms, with several requests of one turn noted at once', async () => {
    coordinator.metrics.requestsAnswered('read', 0.2, 300);
    coordinator.metrics.requestsAnswered('write', 3, 2);
    coordinator.metrics.logSynced(120, 64, 8_000);
    coordinator.metrics.treeFlushed(40, 500);
    const { text } = await get('/metrics');
    expect(text).toContain('# TYPE corral_request_duration_seconds histogram');
    expect(text).toContain('corral_request_duration_seconds_bucket{kind="read",le="0.0001"} 0');
    expect(text).toContain('corral_request_duration_seconds_bucket{kind="read",le="0.00025"} 300');
    expect(text).toContain('corral_request_duration_seconds_bucket{kind="read",le="+Inf"} 300');
    expect(text).toContain('corral_request_duration_seconds_count{kind="write"} 2');
    expect(text).toMatch(/corral_request_duration_seconds_sum\{kind="write"\} 0\.006\n/);
    expect(text).toContain('corral_log_sync_transactions_bucket{le="64"} 1');
    expect(text).toContain('corral_tree_flush_records_sum 500');
    expect(text).toContain('\ncorral_slow_log_syncs_total 1\n');
  });

  it('leaves out what there is nothing to read from', async () => {
    coordinator.source = undefined;
    const { code, text } = await get('/metrics');
    expect(code).toBe(200);
    expect(text).not.toMatch(/^corral_znodes \d/m);
  });
});

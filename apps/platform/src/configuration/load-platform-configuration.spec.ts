import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformConfigurationError } from './configuration-error.js';
import { loadPlatformConfiguration, type PlatformConfig } from './load-platform-configuration.js';

function load(yaml: string | undefined, environment: NodeJS.ProcessEnv = {}, connect?: string): PlatformConfig {
  if (yaml === undefined) return loadPlatformConfiguration({ environment, connect });
  const file = join(mkdtempSync(join(tmpdir(), 'corral-platform-')), 'corral.yaml');
  writeFileSync(file, yaml);
  return loadPlatformConfiguration({ file, environment, connect });
}

function complaintOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PlatformConfigurationError) return error.message;
  }
  return 'none';
}

describe("a platform's configuration", () => {
  it('has a default for everything', () => {
    expect(load(undefined)).toMatchObject({
      httpAddress: '127.0.0.1',
      httpPort: 8181,
      grpcPort: 8182,
      logLevel: 'info',
    });
  });

  it('is read from the group platform; the others belong to the coordinator', () => {
    const config = load(
      'tickMs: 100\nplatform:\n  connect: a:1,b:2/c\n  http:\n    port: 0\n  gates:\n    up: { kind: registry, service: web }\n',
    );
    expect(config).toMatchObject({ connect: 'a:1,b:2/c', httpPort: 0 });
    expect(config.gates.get('up')).toEqual({ kind: 'registry', service: 'web' });
  });

  it('is overruled by the environment, and that by the command line', () => {
    const environment = { CORRAL_PLATFORM_HTTP_PORT: '9000', CORRAL_PLATFORM_CONNECT: 'b:2' };
    expect(load('platform: { http: { port: 1 }, connect: "a:1" }', environment)).toMatchObject({
      httpPort: 9000,
      connect: 'b:2',
    });
    expect(load(undefined, environment, 'c:3')).toMatchObject({ connect: 'c:3' });
  });

  it.each([
    [
      'platform:\n  http:\n    port: high',
      'corral.yaml:3: platform.http.port: "high"; allowed: an integer from 0 to 65535',
    ],
    ['platform:\n  htp: {}', 'corral.yaml:2: platform.htp: does not exist; allowed: enabled, connect'],
    ['platform:\n  http: 8181', 'platform.http: is a group; allowed: address, port below it'],
    ['platform:\n  connect: nowhere', 'platform.connect: "nowhere"; allowed: host:port'],
    ['platform:\n  registry: { root: services }', 'platform.registry.root: "services"; allowed: the path of a znode'],
    ['platform:\n  registry: { root: /a/../b }', 'allowed: the path of a znode'],
    [
      'platform:\n  gates: { g: { kind: ping } }',
      'platform.gates.g: kind is "ping"; allowed: registry, http, prometheus',
    ],
    ['platform:\n  gates: { g: { kind: http, url: "file:///x" } }', 'allowed: an address that begins with http'],
    ['platform:\n  gates: { g: { kind: prometheus, url: "http://p", query: up } }', 'has no bound'],
    [
      'platform:\n  registry:\n    checks:\n      intervalMs: 10',
      'corral.yaml:4: platform.registry.checks.intervalMs: 10; allowed: an integer from 500 to 3600000',
    ],
    ['platform: { registry: { guard: { failures: 0 } } }', 'platform.registry.guard.failures: 0; allowed: an integer'],
    ['platform: { registry: { guard: 5 } }', 'is a group; allowed: intervalMs, timeoutMs, failures below it'],
    ['platform:\n  spring: { namespace: a/b }', 'platform.spring.namespace: "a/b"; allowed: a namespace'],
    ['platform:\n  spring: { decrypt: 1 }', 'platform.spring.decrypt: 1; allowed: true or false'],
    [
      'platform:\n  spring:\n    namespace: shop\n    root: /corral',
      'corral.yaml:4: platform.spring.root: "/corral" would mix with /corral/config',
    ],
    ['platform: { config: { root: /config/corral }, spring: { namespace: shop } }', 'would mix with /config/corral'],
    ['platform: [1', 'is not YAML'],
    ['dataDir=/data\nclientPort=2181', 'holds no settings; allowed: a corral.yaml'],
  ])('%j is refused, and it is said where and what is allowed', (yaml, complaint) => {
    expect(complaintOf(() => load(yaml))).toContain(complaint);
  });

  it('tells everything that is wrong at once', () => {
    const yaml = 'platform:\n  http: { port: -1 }\n  grpc: { enabled: perhaps }';
    expect(complaintOf(() => load(yaml)).split('\n')).toHaveLength(2);
  });

  it('tells of variables that do not exist', () => {
    expect(complaintOf(() => load(undefined, { CORRAL_PLATFORM_PORT: '1' }))).toContain(
      'environment: CORRAL_PLATFORM_PORT: does not exist',
    );
  });

  it.each(['0.0.0.0', '10.0.0.1', '::', 'platform.example.org'])(
    'does not listen at %s without tokens, and says what to do',
    (address) => {
      const complaint = complaintOf(() => load(undefined, { CORRAL_PLATFORM_HTTP_ADDRESS: address }));
      expect(complaint).toContain('lets other machines in');
      expect(complaint).toContain('platform.auth.tokenFile');
      expect(complaintOf(() => load(undefined, { CORRAL_PLATFORM_GRPC_ADDRESS: address }))).toContain('GRPC_ADDRESS');
    },
  );

  it('listens anywhere with a token file, and on loopback without', () => {
    load(undefined, { CORRAL_PLATFORM_HTTP_ADDRESS: '0.0.0.0', CORRAL_PLATFORM_AUTH_TOKEN_FILE: 'tokens.yaml' });
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
      load(undefined, { CORRAL_PLATFORM_HTTP_ADDRESS: address });
  });
});

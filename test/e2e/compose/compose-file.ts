/** docker-compose.yml, and its services as processes on loopback. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** A service of the file, as far as a process needs it. */
export interface ComposeService {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: {
    /** `CMD`, then a command line. */
    readonly test: readonly string[];
  };
}

/** Reads the services. */
export function readComposeServices(): ReadonlyMap<string, ComposeService> {
  const text = readFileSync(join(repositoryRoot(), 'docker-compose.yml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, ComposeService>> };
  return new Map(Object.entries(services));
}

/** Where containers would be told apart by their names, processes on one machine are by their ports. */
export type PortMap = ReadonlyMap<string, number>;

/** Every `<service>:<port>` of a text, at loopback and the port it is given here. */
export function onLoopback(text: string, ports: PortMap): string {
  const places = new RegExp(`\\b((?:coordinator|platform)-\\d):(\\d+)(?::(\\d+))?`, 'g');
  return text.replaceAll(places, (_place, service: string, ...numbers: unknown[]) => {
    const listed = numbers.slice(0, 2).filter((number): number is string => typeof number === 'string');
    return ['127.0.0.1', ...listed.map((number) => portOf(ports, service, number))].join(':');
  });
}

/** A service's environment with the addresses of this machine. */
export function environmentOnLoopback(
  environment: Readonly<Record<string, string>> = {},
  ports: PortMap,
): Readonly<Record<string, string>> {
  const local = Object.entries(environment).map(([name, value]) => {
    return [name, onLoopback(value, ports).replace('0.0.0.0', '127.0.0.1')] as const;
  });
  return Object.fromEntries(local);
}

/** The command line of a service's health check, to be asked from outside of its container: `own` ports are those of this machine. */
export function healthCommand({ healthcheck: { test } }: ComposeService, own: (port: string) => number): string[] {
  const [kind, program, ...words] = test;
  if (kind !== 'CMD' || program !== 'node') throw new Error(`a health check of another kind: ${test.join(' ')}`);
  return words.map((word) => word.replace(/^127\.0\.0\.1:(\d+)/, (_place, port: string) => `127.0.0.1:${own(port)}`));
}

/** The command of the image's own health check, in the Dockerfile. */
export function imageHealthCommand(): readonly string[] {
  const text = readFileSync(join(repositoryRoot(), 'Dockerfile'), 'utf8');
  const [, command = '[]'] = /^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(text) ?? [];
  return JSON.parse(command) as string[];
}

/** The port that a service of the file has here. */
export function portOf(ports: PortMap, service: string, port: string): number {
  const found = ports.get(`${service}:${port}`);
  if (found === undefined) throw new Error(`${service}:${port} has no port here`);
  return found;
}

/**
 * A service's configuration file with the addresses, ports and directories of this machine; all else is as it stands. Returns its name.
 */
export function writeConfiguration(service: string, file: string, ports: PortMap, directory: string): string {
  const dataDirectory = join(directory, service);
  mkdirSync(dataDirectory, { recursive: true });
  const text = onLoopback(readFileSync(join(repositoryRoot(), file), 'utf8'), ports)
    .replaceAll('0.0.0.0', '127.0.0.1')
    .replace('directory: /data', `directory: ${dataDirectory}`)
    .replaceAll(/^( +port: )(\d+)$/gm, (_line, key: string, port: string) => `${key}${portOf(ports, service, port)}`);
  const written = join(directory, `${service}.yaml`);
  writeFileSync(written, text);
  return written;
}

import { parseArgs } from 'node:util';
import { askWord } from '../ask-word.js';
import { type Command, ExitCode, UsageError } from '../command.js';
import { printLines } from '../print-lines.js';
import { tableOf } from '../table.js';

const DEFAULT_PORT = 2181;

const HEADINGS = ['member', 'state', 'zxid', 'znodes', 'connections', 'outstanding', 'latency ms', 'version'];

/** `corral status HOSTS` */
export const status: Command = {
  usage: '[HOST[:PORT]]...',
  summary: 'show what the members of an ensemble do, as a table',
  details: [
    'Hosts are separated by spaces or commas; without any, 127.0.0.1. Asks the four-letter word srvr, which every member answers, be it',
    "Corral's or Apache ZooKeeper's. The exit code is 0 when exactly one member leads or stands alone and none is silent.",
  ].join('\n'),
  run: async (args) => {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const named = positionals.flatMap((text) => text.split(',')).filter((text) => text !== '');
    const hosts = named.length === 0 ? ['127.0.0.1'] : named;
    const members = await Promise.all(hosts.map((text) => askMember(text)));
    await printLines(tableOf([HEADINGS, ...members.map(({ cells }) => cells)]));
    const deciding = members.filter(({ state }) => state === 'leader' || state === 'standalone').length;
    const isWell = deciding === 1 && members.every(({ state }) => state !== 'silent');
    return isWell ? ExitCode.ok : ExitCode.failure;
  },
};

interface Row {
  readonly state: string;
  readonly cells: readonly string[];
}

async function askMember(text: string): Promise<Row> {
  const { host, port } = parseHost(text);
  const name = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  const answer = await askWord(host, port, 'srvr');
  if (answer.kind === 'silent') return { state: 'silent', cells: [name, `silent (${answer.reason})`] };
  const field = (label: string): string => new RegExp(`^${label}: (.*)$`, 'm').exec(answer.text)?.[1] ?? '';
  const state = field('Mode') === '' ? 'looking' : field('Mode');
  if (state === 'looking') return { state, cells: [name, 'looking (serves nobody)'] };
  const latency = field('Latency min/avg/max').split('/')[1] ?? '';
  const version = field('Zookeeper version').split(',')[0] ?? '';
  const cells = [
    name,
    state,
    field('Zxid'),
    field('Node count'),
    field('Connections'),
    field('Outstanding'),
    latency,
    version,
  ];
  return { state, cells };
}

function parseHost(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined)
    throw new UsageError(`a member is HOST, HOST:PORT or [IPV6]:PORT, not ${JSON.stringify(text)}`);
  return { host, port: port === undefined ? DEFAULT_PORT : Number(port) };
}

import { parseArgs } from 'node:util';
import { askWord } from '../ask-word.js';
import { type Command, ExitCode, UsageError } from '../command.js';
import { printLines } from '../print-lines.js';
import { tableOf } from '../table.js';

const DEFAULT_PORT = 2181;

/** Short, so that a row fits a terminal of 80 columns. */
const HEADINGS = ['member', 'state', 'zxid', 'znodes', 'clients', 'waiting', 'ms', 'version'];

/** `corral status HOSTS` */
export const status: Command = {
  usage: '[HOST[:PORT]]...',
  summary: 'show what the members of an ensemble do',
  details: [
    'Hosts are separated by spaces or commas; without any, 127.0.0.1. Asks the',
    "four-letter word srvr, which every member answers, be it Corral's or Apache",
    "ZooKeeper's. The exit code is 0 when exactly one member leads or stands alone",
    'and none is silent.',
    '',
    'clients: connections; waiting: requests without an answer; ms: mean latency.',
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
  const cells = [
    name,
    state,
    field('Zxid'),
    field('Node count'),
    field('Connections'),
    field('Outstanding'),
    Number(field('Latency min/avg/max').split('/')[1]).toFixed(2),
    versionOf(field('Zookeeper version')),
  ];
  return { state, cells };
}

/** `corral 0.1.0`, or the version of ZooKeeper without the hash of its commit. */
function versionOf(text: string): string {
  const [, zookeeper = '', corral] = /^([^-,]*)-(?:corral-([^-,]*))?/.exec(text) ?? [];
  return corral === undefined ? zookeeper : `corral ${corral}`;
}

function parseHost(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined)
    throw new UsageError(`a member is HOST, HOST:PORT or [IPV6]:PORT, not ${JSON.stringify(text)}`);
  return { host, port: port === undefined ? DEFAULT_PORT : Number(port) };
}

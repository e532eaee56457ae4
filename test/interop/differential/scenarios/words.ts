/** Four-letter commands: their text, line by line, with the numbers that differ masked. */
import type { Scenario } from '../stage/scenario.js';

/** Lines of `mntr` that say something about the tree and the sessions; the rest is about the inside of a server. */
const GAUGES_EXACT = [
  'zk_server_state',
  'zk_ephemerals_count',
  'zk_num_alive_connections',
  'zk_znode_count',
  'zk_watch_count',
  'zk_global_sessions',
  'zk_local_sessions',
  'zk_outstanding_requests',
  'zk_approximate_data_size',
];
const GAUGES_MASKED = [
  'zk_version',
  'zk_avg_latency',
  'zk_max_latency',
  'zk_min_latency',
  'zk_packets_received',
  'zk_packets_sent',
  'zk_uptime',
  'zk_open_file_descriptor_count',
  'zk_max_file_descriptor_count',
];

/** The Java virtual machine's own lines are left out. */
const ENVIRONMENT = [
  'zookeeper.version',
  'host.name',
  'os.name',
  'os.arch',
  'os.version',
  'user.name',
  'user.home',
  'user.dir',
];

const version = (text: string): string => text.replace(/(version: |zookeeper\.version=|zk_version\t).*/g, '$1VERSION');
const numbers = (text: string): string =>
  text
    .replace(/:\d+\[/g, ':PORT[')
    .replace(/(lop|lcxid|lzxid|lresp|llat|minlat|avglat|maxlat|est|recved|sent|queued)=[^,)]+/g, '$1=N')
    .replace(/(Received|Sent|Zxid): .*/g, '$1: N')
    .replace(/Latency min\/avg\/max: \d+\/\d+\.\d+\/\d+/g, 'Latency min/avg/max: N/N/N')
    .replace(/(_size|Size): ?=?\d+/g, '$1: N');
const sortedLines = (text: string): string => text.split('\n').sort().join('\n');

function mntr(text: string): string {
  const lines = text.split('\n').filter((line) => {
    const key = line.split('\t')[0] ?? '';
    return GAUGES_EXACT.includes(key) || GAUGES_MASKED.includes(key);
  });
  return lines
    .map((line) => (GAUGES_MASKED.includes(line.split('\t')[0] ?? '') ? line.replace(/\t[\d.]+$/, '\tN') : line))
    .sort()
    .join('\n');
}

function environment(text: string): string {
  const [title, ...lines] = text.split('\n');
  const kept = lines.filter((line) => ENVIRONMENT.includes(line.split('=')[0] ?? ''));
  return [title, ...kept.map((line) => line.replace(/^(user\.dir|host\.name)=.*/, '$1=OF THE PROCESS'))].join('\n');
}

/** Sessions that expire in the same tick share a line; which do is a matter of time. */
const dump = (text: string): string =>
  sortedLines(
    text
      .replace(/\d+ expire at .*:\n/g, '')
      .replace(/(Session|Connections) Sets \(\d+\)/g, '$1 Sets (N)')
      .replace(/ip: .*sessionId/g, 'ip: ADDRESS sessionId'),
  );

const conf = (text: string): string =>
  text.replace(/(clientPort|dataDirSize|dataLogSize)=\d+/g, '$1=N').replace(/(dataDir|dataLogDir)=.*/g, '$1=DIRECTORY');

const words: Scenario = {
  name: 'four-letter words',
  root: '/words',
  play: async (stage) => {
    for (const word of ['ruok', 'isro', 'wchs', 'wchp', 'wchc', 'dirs']) await stage.word(word, numbers);
    await stage.word('gtmk');
    const a = await stage.session('a');
    await a.create('/words');
    await a.create('/words/e', { flags: 1, data: 'e' });
    await a.create('/words/f', { flags: 1 });
    await a.getData('/words', true);
    await a.getChildren('/words', true);
    await a.exists('/words/none', true);
    await a.addWatch('/words/e', 0);
    await a.addWatch('/words/f', 1);
    const b = await stage.session('b');
    await b.getData('/words', true);
    await b.create('/words/b', { flags: 1 });
    await stage.word('wchs');
    await stage.word('wchp', sortedLines);
    await stage.word('wchc', sortedLines);
    await stage.word('dump', dump);
    await stage.word('srvr', (text) => numbers(version(text)));
    await stage.word('stat', (text) => sortedLines(numbers(version(text))));
    await stage.word('cons', (text) => sortedLines(numbers(text)));
    await stage.word('conf', conf);
    await stage.word('envi', (text) => environment(version(text)));
    await stage.word('mntr', (text) => mntr(version(text)));
    await stage.word('srst');
    await stage.word('crst');
    await stage.word('ruok\n');
    await stage.word('ruokruok');
  },
};

/** Played with every word allowed. */
export const wordScenarios: readonly Scenario[] = [words];

const EVERY_WORD = [
  'conf',
  'cons',
  'crst',
  'dirs',
  'dump',
  'envi',
  'gtmk',
  'ruok',
  'srst',
  'stat',
  'wchc',
  'wchp',
  'wchs',
  'mntr',
  'isro',
  'hash',
];

const refused: Scenario = {
  name: 'four-letter words: not on the whitelist',
  play: async (stage) => {
    for (const word of EVERY_WORD) await stage.word(word, numbers);
    await stage.word('srvr', (text) => numbers(version(text)));
  },
};

/** Played with `ruok` and `isro` allowed. */
export const refusedWordScenarios: readonly Scenario[] = [refused];

import { answerConf, answerDirs, answerEnvi } from './conf.js';
import { fullConnectionLine } from './connection-line.js';
import { answerDump } from './dump.js';
import type { WordAnswer, WordContext } from './four-letter-word.js';
import { answerMntr } from './mntr.js';
import type { ReportSource } from './report-source.js';
import type { ServerFacts } from './server-facts.js';
import { answerSrvr, answerStat } from './stat.js';
import { answerWchc, answerWchp, answerWchs } from './watches.js';

/** What is needed to answer any word. */
export interface FourLetterWordContext {
  /** `undefined` as long as the member does not serve. */
  readonly source: ReportSource | undefined;
  readonly facts: ServerFacts;
  /** The words that the configuration allows. */
  isEnabled(word: string): boolean;
  nowMs(): number;
}

const answers: Readonly<Record<string, WordAnswer>> = {
  srvr: answerSrvr,
  stat: answerStat,
  mntr: answerMntr,
  conf: answerConf,
  cons: answerCons,
  wchs: answerWchs,
  wchp: answerWchp,
  wchc: answerWchc,
  dump: answerDump,
  dirs: answerDirs,
  crst: ({ source }) => {
    source.resetConnectionStatistics();
    return 'Connection stats reset.\n';
  },
  srst: ({ source }) => {
    source.resetStatistics();
    return 'Server stats reset.\n';
  },
  // No digest of the tree is kept, as in an Apache server that has not reached its first one yet.
  hash: () => '',
};

/** Words that are answered whether the member serves or not. */
const answersWithoutMember: Readonly<Record<string, (context: FourLetterWordContext) => string>> = {
  ruok: () => 'imok',
  envi: ({ facts }) => answerEnvi({ facts }),
  isro: ({ source }) => (source === undefined ? 'null' : source.status().mode === 'read-only' ? 'ro' : 'rw'),
  // Nothing is traced, and setting a mask changes nothing.
  gtmk: () => '0',
  stmk: () => '0',
};

/** Every word that is known, allowed or not. */
export const fourLetterWords: readonly string[] = [...Object.keys(answersWithoutMember), ...Object.keys(answers)];

/** The answer to a word, also when it is a refusal; `undefined` when the word is not known and what came must be a request. */
export function answerFourLetterWord(word: string, context: FourLetterWordContext): string | undefined {
  if (!fourLetterWords.includes(word)) return undefined;
  if (!context.isEnabled(word)) return `${word} is not executed because it is not in the whitelist.\n`;
  const independent = answersWithoutMember[word];
  if (independent !== undefined) return independent(context);
  const { source, facts } = context;
  if (source === undefined) return 'This ZooKeeper instance is not currently serving requests\n';
  return answers[word]?.({ source, facts, nowMs: context.nowMs() });
}

function answerCons({ source }: WordContext): string {
  return `${Array.from(source.connections(), (connection) => `${fullConnectionLine(connection)}\n`).join('')}\n`;
}

export { answerFourLetterWord, fourLetterWords, type FourLetterWordContext } from './answer-four-letter-word.js';
export { monitorValues } from './mntr.js';
export { summarizeWatches, type WatchSummary } from './watches.js';
export type {
  ConnectionFigures,
  LatencyFigures,
  ReportSource,
  ServerFigures,
  SessionFigures,
} from './report-source.js';
export type { WordContext } from './four-letter-word.js';
export type { ConfigurationFacts, DirectorySizes, FileDescriptors, ServerFacts } from './server-facts.js';

import type { ReportSource } from './report-source.js';
import type { ServerFacts } from './server-facts.js';

/** What a word may read. */
export interface WordContext {
  readonly source: ReportSource;
  readonly facts: ServerFacts;
  readonly nowMs: number;
}

/** The text that a word is answered with. */
export type WordAnswer = (context: WordContext) => string;

import { choice, whole, list, map, optional, record, text } from '../../openapi/schema.js';

/** How one application stands in Spring's layout. */
export interface SpringState {
  readonly application: string;
  readonly release: number;
  readonly contexts: readonly string[];
  /** Znodes that differ from the release still. */
  readonly pending: number;
  readonly skipped: Readonly<Record<string, string>>;
  readonly refused: Readonly<Record<string, string>>;
}

/** How all applications of a namespace stand in Spring's layout. */
export interface SpringStates {
  readonly root: string;
  readonly applications: readonly SpringState[];
}

/** What became of one application's contexts. */
export interface SpringTaken {
  readonly application: string;
  readonly contexts: readonly string[];
  readonly outcome: 'imported' | 'unchanged' | 'failed';
  readonly release?: number | undefined;
  readonly reason?: string | undefined;
}

/** What an import did. */
export interface SpringTakeover {
  readonly applications: readonly SpringTaken[];
  readonly skipped: Readonly<Record<string, string>>;
}

const application = text("The application, or _defaults for the namespace's own documents", { example: 'pricing' });

export const springStates = record<SpringStates>('SpringStates', "How applications stand in Spring's layout", {
  root: text('Where the layout begins', { example: '/config' }),
  applications: list(
    'Those that have a release',
    record<SpringState>('SpringState', "How an application stands in Spring's layout", {
      application,
      release: whole('The release that belongs in it', { example: 12 }),
      contexts: list('The znodes that hold its properties', text('A path', { example: '/config/pricing' })),
      pending: whole('Znodes that differ from the release still; 0: all is written'),
      skipped: map('Properties that the layout cannot hold, and why', text('Why')),
      refused: map('Contexts in which something would be lost, and what', text('What')),
    }),
  ),
});

export const springTakeover = record<SpringTakeover>('SpringTakeover', 'What an import did', {
  applications: list(
    'By application',
    record<SpringTaken>('SpringTaken', "What became of an application's contexts", {
      application,
      contexts: list('What was found', text('A path', { example: '/config/pricing,production' })),
      outcome: choice('How it went', {
        imported: 'a release was made',
        unchanged: 'there was nothing new',
        failed: '',
      }),
      release: optional(whole('The release that was made', { example: 12 })),
      reason: optional(text('Why it failed')),
    }),
  ),
  skipped: map('Contexts that were passed over, and why', text('Why')),
});

import type { AcknowledgementReport, DocumentChangeInfo, ReleaseInfo, ReleaseResult } from '@corral/live-config';
import { choice, whole, flag, list, optional, part, record, text, timeMs } from '../../openapi/schema.js';
import { documentInfo, documentKey } from './document.answers.js';

/** A part of the history. */
export interface ReleaseList {
  readonly releases: readonly ReleaseInfo[];
}

export const releaseInfo = record<ReleaseInfo>('Release', 'A release as the history shows it', {
  release: whole('Its number, from 1 within its scope', { example: 12 }),
  parent: whole('The release that it was made from; 0 for the first', { example: 11 }),
  author: text('Who made it', { example: 'ada' }),
  comment: text('Why', { example: 'Autumn sale' }),
  createdAtMs: timeMs('When it was made'),
  rollbackOf: optional(whole('The release that it repeats, when it is a rollback', { example: 10 })),
  changes: list(
    'What it did to documents',
    record<DocumentChangeInfo>('DocumentChange', 'What a release did to a document', {
      ...documentKey,
      kind: choice('What it did', { added: '', changed: '', removed: '' }),
    }),
  ),
  documents: list('All of its documents', documentInfo),
  schemas: list('The documents that have a schema; * for the merged tree', text('A document', { example: 'discount' })),
});

export const releaseList = record<ReleaseList>('ReleaseList', 'A part of the history', {
  releases: list('Newest first', releaseInfo),
});

export const acknowledgementReport = record<AcknowledgementReport>(
  'AcknowledgementReport',
  'Who has applied a release',
  {
    release: whole('The release', { example: 12 }),
    subscribers: whole('Live subscribers that are meant to see it', { example: 20 }),
    acknowledged: whole('Those that have applied it', { example: 19 }),
    reached: flag('Whether as many as were asked for have applied it; all, when no share was named'),
    lagging: list('Who has not answered, at most 100 of them', text('An instance', { example: 'pricing-1' })),
    failed: list(
      'Who has refused it, at most 100 of them',
      part<AcknowledgementReport['failed'][number]>('A refusal', {
        instanceId: text('An instance', { example: 'pricing-2' }),
        error: text('Why', { example: 'discount.percent must be at most 50' }),
      }),
    ),
    laggingCount: whole('How many have not answered'),
    failedCount: whole('How many have refused it'),
  },
);

export const releaseResult = record<ReleaseResult>('ReleaseResult', 'What became of a release', {
  release: releaseInfo,
  acknowledgement: optional(acknowledgementReport),
});

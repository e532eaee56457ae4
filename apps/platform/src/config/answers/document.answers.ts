import type {
  ConfigTree,
  ConfigValue,
  DocumentDiff,
  DocumentFormat,
  DocumentInfo,
  ReleaseDiff,
  StoredDocument,
  ValueChange,
} from '@corral/live-config';
import type { EventKind } from '../../openapi/answers.js';
import {
  anything,
  choice,
  whole,
  flag,
  list,
  optional,
  part,
  record,
  type Schema,
  text,
} from '../../openapi/schema.js';
import type { EffectiveDocument } from '../effective-document.js';

/** The documents of a release. */
export interface DocumentList {
  readonly documents: readonly DocumentInfo[];
}

/** Which document it is: the same beginning for every view of one. */
export const documentKey = {
  profile: optional(text('Only for this profile; without it, for all', { example: 'production' })),
  name: text('The document', { example: 'discount' }),
};

const format: Schema<DocumentFormat> = choice('How the content is written', {
  json: '',
  yaml: '',
  properties: '',
  text: 'kept as it is; adds nothing to the merged values',
});

const stored = {
  ...documentKey,
  format,
  hash: text('SHA-256 of the content as it is stored, in hex'),
  sizeBytes: whole('Size of the content as it is stored, in bytes', { example: 11 }),
  encrypted: flag('Whether the whole document is one encrypted token'),
};

export const documentInfo = record<DocumentInfo>(
  'DocumentInfo',
  'A document of a release, without its content',
  stored,
);

export const documentList = record<DocumentList>('DocumentList', 'The documents of a release', {
  documents: list('Of all profiles', documentInfo),
});

export const storedDocument = record<StoredDocument>('Document', 'A document as it was released', {
  ...stored,
  content: text('As it was published; encrypted values are tokens, {aes-gcm:key-id}…', { example: 'percent: 10' }),
});

const value = anything<ConfigValue>('Any JSON');

export const effective = record<EffectiveDocument>('EffectiveConfiguration', 'What one instance sees', {
  revision: text('Names the release of the application and that of the defaults', { example: '12.3' }),
  release: whole("The application's release; 0 before the first", { example: 12 }),
  defaultsRelease: whole("The release of the namespace's defaults; 0 before the first", { example: 3 }),
  values: anything<ConfigTree>('All documents merged', {
    type: 'object',
    additionalProperties: true,
    example: { percent: 10 },
  }),
  documents: list(
    'Each document by itself',
    part<EffectiveDocument['documents'][number]>('A document, its levels laid over each other', {
      name: text('The document', { example: 'discount' }),
      format,
      content: text('The text of the strongest level', { example: 'percent: 10' }),
      value: anything<ConfigValue>('The levels merged; for text, the text'),
    }),
  ),
});

/** What a watch of a configuration sends. */
export const configEvents: readonly EventKind[] = [
  { event: 'config', description: 'The configuration, whole', data: effective },
];

const kind = choice<DocumentDiff['kind']>('What happened to it', { added: '', changed: '', removed: '' });

export const releaseDiff = record<ReleaseDiff>('ReleaseDiff', 'How two releases differ', {
  from: whole('The older release', { example: 11 }),
  to: whole('The newer release', { example: 12 }),
  documents: list(
    'Those that differ',
    record<DocumentDiff>('DocumentDiff', 'How a document differs; encrypted values are shown as {encrypted}', {
      ...documentKey,
      kind,
      values: list(
        'By value; empty for text, and when only layout or comments differ',
        record<ValueChange>('ValueChange', 'A value that differs', {
          path: text('JSON pointer within the document', { example: '/percent' }),
          kind,
          before: optional(value),
          after: optional(value),
        }),
      ),
      text: text('By line, as diff -u shows it'),
    }),
  ),
});

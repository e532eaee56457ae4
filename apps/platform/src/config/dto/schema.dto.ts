import { ObjectField } from '../../input/fields.js';
import { ReleaseNoteDto } from './release-note.dto.js';

/** A JSON Schema for a document, or for the merged tree. */
export class SchemaDto extends ReleaseNoteDto {
  @ObjectField({
    description: 'JSON Schema',
    example: { type: 'object', properties: { percent: { type: 'number', maximum: 50 } } },
  })
  readonly schema!: Readonly<Record<string, unknown>>;
}

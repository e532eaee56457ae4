/** Decorators that say in the OpenAPI document what a handler answers when all is well. */
import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import type { AnySchema, JsonSchema, Schema } from './schema.js';

/** A handler by what it returns. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- only with `any` is what it returns all that is compared
type Handler<T> = TypedPropertyDescriptor<(...input: any[]) => T>;

/** For handlers that answer exactly this type, now or later; on another it does not compile. */
interface AnswerDecorator<T> {
  (target: object, key: string | symbol, handler: Handler<Promise<T>>): void;
  (target: object, key: string | symbol, handler: Handler<T>): void;
}

/** The handler returns what the schema describes. */
export function Answers<T>(status: 200 | 201, schema: Schema<T>, description: string): AnswerDecorator<T> {
  return ApiResponse({ status, description, schema: schema.json });
}

/** The handler answers by `sendState`. */
export function AnswersState(schema: AnySchema, description: string): MethodDecorator {
  return ApiOkResponse({
    description,
    schema: schema.json,
    headers: {
      'X-Corral-Index': { description: 'The revision, for `index` of a long poll', schema: { type: 'string' } },
      'X-Corral-Stale': {
        description: 'There while the ensemble is away: this is what was last known',
        schema: { type: 'string', enum: ['true'] },
      },
    },
  });
}

/** One kind of event of a stream: its name, and what its data is. */
export interface EventKind {
  readonly event: string;
  readonly description: string;
  readonly data: AnySchema;
}

/** The handler answers by `sendEvents`. */
export function AnswersEvents(kinds: readonly EventKind[], description: string): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Last-Event-ID',
      description: 'The id of the last event that you have: the stream goes on behind it. Wins over `index`',
      required: false,
      schema: { type: 'string' },
    }),
    ApiOkResponse({
      description,
      content: { 'text/event-stream': { schema: { oneOf: kinds.map(eventOf) } } },
    }),
  );
}

function eventOf({ event, description, data }: EventKind): JsonSchema {
  return {
    type: 'object',
    description: `${description}. The fields of one server-sent event; \`data\` is JSON`,
    required: ['id', 'event', 'data'],
    properties: {
      id: { type: 'string', description: 'The revision, for Last-Event-ID' },
      event: { type: 'string', enum: [event] },
      data: data.json,
    },
  };
}

/** Decorators that declare a field of the input: what is allowed, and how the OpenAPI document shows it. One declaration, so that the two cannot differ. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isName, NAME_RULE } from './names.js';

/** The release of the application, and that of its namespace's defaults. */
const REVISION = /^\d{1,9}\.\d{1,9}$/;

/** A number of milliseconds, or one with its unit. */
const DURATION = /^(\d{1,9})(ms|s)?$/;

/** Labels of one instance. */
const LABELS_MAX = 32;

/** What fields have in common. */
export interface FieldOptions {
  readonly description: string;
  readonly example?: unknown;
  /** May be left out. `null` is never the same as leaving it out. */
  readonly optional?: boolean;
  /** Whether the field counts, by what stands in the others; always, without this. */
  readonly when?: (object: Readonly<Record<string, unknown>>) => boolean;
}

/** A name that becomes part of a znode's path. */
export function NameField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string', maxLength: 128 }, [
    ValidateBy({ name: 'name', validator: { validate: isName, defaultMessage: () => NAME_RULE } }),
  ]);
}

/** A revision of a configuration, as watches tell it. */
export function RevisionField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string', pattern: REVISION.source }, [
    Matches(REVISION, { message: 'must be a revision as it was read, such as 12.3' }),
  ]);
}

/** A text of bounded length, without NUL. */
export function TextField(options: FieldOptions & { readonly max: number; readonly min?: number }): PropertyDecorator {
  const { min = 0, max } = options;
  return field(options, { type: 'string', minLength: min, maxLength: max }, [
    IsString({ message: `must be a string of ${min} to ${max} characters` }),
    Length(min, max, { message: `must be a string of ${min} to ${max} characters` }),
    Matches(/^[^\0]*$/u, { message: 'must not hold a NUL' }),
  ]);
}

/** A whole number. */
export function IntegerField(
  options: FieldOptions & { readonly min: number; readonly max: number },
): PropertyDecorator {
  const message = `must be an integer from ${options.min} to ${options.max}`;
  return field(options, { type: 'integer', minimum: options.min, maximum: options.max }, [
    IsInt({ message }),
    Min(options.min, { message }),
    Max(options.max, { message }),
  ]);
}

/** A number. */
export function NumberField(options: FieldOptions & { readonly min: number; readonly max: number }): PropertyDecorator {
  const message = `must be a number from ${options.min} to ${options.max}`;
  return field(options, { type: 'number', minimum: options.min, maximum: options.max }, [
    IsNumber({ allowNaN: false, allowInfinity: false }, { message }),
    Min(options.min, { message }),
    Max(options.max, { message }),
  ]);
}

/** A switch. */
export function FlagField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'boolean' }, [IsBoolean({ message: 'must be true or false' })]);
}

/** One of a few words. */
export function ChoiceField(options: FieldOptions & { readonly choices: readonly string[] }): PropertyDecorator {
  const { choices } = options;
  return field(options, { type: 'string', enum: [...choices] }, [
    IsIn(choices, { message: `must be one of ${choices.join(', ')}` }),
  ]);
}

/** A list of names. In a query they are written with commas between them. */
export function NamesField(options: FieldOptions & { readonly max: number }): PropertyDecorator {
  return field(options, { type: 'array', items: { type: 'string' }, maxItems: options.max }, [
    IsArray({ message: 'must be a list of names' }),
    ArrayMaxSize(options.max, { message: `must hold at most ${options.max} names` }),
    ValidateBy({
      name: 'names',
      validator: {
        validate: (value) => Array.isArray(value) && value.every(isName),
        defaultMessage: () => `each ${NAME_RULE}`,
      },
    }),
  ]);
}

/** Labels in a query, `key:value`. */
export function LabelsField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'array', items: { type: 'string' }, maxItems: LABELS_MAX }, [
    ValidateBy({
      name: 'labels',
      validator: {
        validate: (value) => Array.isArray(value) && value.length <= LABELS_MAX && value.every(isLabel),
        defaultMessage: () => `must be at most ${LABELS_MAX} of key:value with commas between them`,
      },
    }),
  ]);
}

/** How large a map of texts may be. */
export interface MapBounds {
  readonly entriesMax: number;
  readonly valueLengthMax: number;
}

/** Texts by key. */
export function TextMapField(options: FieldOptions & MapBounds): PropertyDecorator {
  const { entriesMax, valueLengthMax } = options;
  const message = `must map at most ${entriesMax} keys of 1 to 128 characters to strings of at most ${valueLengthMax}, without NUL`;
  return field(options, { type: 'object', additionalProperties: { type: 'string' } }, [
    AsItIs(),
    IsObject({ message: 'must be an object of strings' }),
    ValidateBy({
      name: 'textMap',
      validator: { validate: (value) => isTextMap(value, options), defaultMessage: () => message },
    }),
  ]);
}

/** Any JSON object. */
export function ObjectField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'object', additionalProperties: true }, [
    AsItIs(),
    IsObject({ message: 'must be an object' }),
  ]);
}

/*
 * The type of a part is named by a function that is called `type`: by that name `@nestjs/swagger` knows that it is to be called. What
 * is handed in has another name.
 */

/** An object with fields of its own. */
export function PartField(part: () => new () => object, options: FieldOptions): PropertyDecorator {
  return applyDecorators(
    Type(part),
    field(options, { type: () => part() }, [
      IsObject({ message: 'must be an object' }),
      ValidateNested({ message: 'must be an object' }),
    ]),
  );
}

/** A list of objects with fields of their own. */
export function PartsField(
  part: () => new () => object,
  options: FieldOptions & { readonly min?: number; readonly max: number },
): PropertyDecorator {
  const { min = 0, max } = options;
  const message = `must be a list of ${min} to ${max} objects`;
  return applyDecorators(
    Type(part),
    field(options, { type: () => part(), isArray: true, minItems: min, maxItems: max }, [
      IsArray({ message }),
      ArrayMinSize(min, { message }),
      ArrayMaxSize(max, { message }),
      IsObject({ each: true, message: 'must be an object' }),
      ValidateNested({ each: true, message: 'must be an object' }),
    ]),
  );
}

/** Keeps the keys of an object whatever they are called, where a copy would lose those that every object has, such as `constructor`. */
function AsItIs(): PropertyDecorator {
  return Transform(({ obj, key }: { obj: Readonly<Record<string, unknown>>; key: string }) => obj[key]);
}

/** In a query everything is text: reads a number where one is written. */
export function FromDigits(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value,
  );
}

/** In a query everything is text: reads `true` and `false`. */
export function FromWord(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));
}

/** In a query a list is written with commas, or by repeating the parameter. */
export function FromCommas(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value));
}

function isLabel(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}:[^\p{Cc}]{0,128}$/u.test(value);
}

function isTextMap(value: unknown, { entriesMax, valueLengthMax }: MapBounds): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= entriesMax &&
    entries.every(
      ([key, text]) => /^[^\p{Cc}]{1,128}$/u.test(key) && typeof text === 'string' && isShort(text, valueLengthMax),
    )
  );
}

function isShort(text: string, lengthMax: number): boolean {
  return text.length <= lengthMax && !text.includes('\0');
}

function field(
  options: FieldOptions,
  shape: ApiPropertyOptions,
  rules: readonly PropertyDecorator[],
): PropertyDecorator {
  const { description, example, optional = false, when } = options;
  const required = !optional && when === undefined;
  const shown = { ...shape, description, required, ...(example === undefined ? {} : { example }) };
  const conditions = [
    ...(optional ? [ValidateIf((_, value: unknown) => value !== undefined)] : []),
    ...(when === undefined ? [] : [ValidateIf(when)]),
  ];
  return applyDecorators(ApiProperty(shown as ApiPropertyOptions), ...conditions, ...rules);
}

/** A time in a query: `500ms`, `30s`, or a number of milliseconds; it is read as milliseconds. */
export function DurationField(options: FieldOptions & { readonly max: number }): PropertyDecorator {
  const message = `must be a duration from 0 to ${options.max} ms, such as 500ms or 30s`;
  return applyDecorators(
    FromDuration(),
    field(options, { type: 'string', pattern: DURATION.source }, [
      IsInt({ message }),
      Min(0, { message }),
      Max(options.max, { message }),
    ]),
  );
}

function FromDuration(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => {
    if (value === undefined) return undefined;
    const [, count, unit] = (typeof value === 'string' ? DURATION.exec(value) : null) ?? [];
    return count === undefined ? Number.NaN : Number(count) * (unit === 's' ? 1000 : 1);
  });
}

import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalidField } from '../errors/problem.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What a name must be, as errors say it. */
export const NAME_RULE = 'must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit';

/** Whether a value is a name: something that is safe as part of a path, so without `/`, `..` and NUL. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/** Checks a name in the path of a request. */
@Injectable()
export class NamePipe implements PipeTransform<string, string> {
  constructor(private readonly field: string) {}

  transform(value: string): string {
    if (!isName(value)) throw invalidField(this.field, NAME_RULE);
    return value;
  }
}

/** The word that stands for a namespace's own documents where an application could. No name begins with `_`. */
export const DEFAULTS = '_defaults';

/** Checks the application in the path of a request; `undefined` stands for the namespace's defaults. */
@Injectable()
export class ApplicationPipe implements PipeTransform<string, string | undefined> {
  transform(value: string): string | undefined {
    if (value === DEFAULTS) return undefined;
    if (!isName(value)) throw invalidField('application', `${NAME_RULE}, or be ${DEFAULTS}`);
    return value;
  }
}

/** Checks a number in the path of a request. */
@Injectable()
export class NumberPipe implements PipeTransform<string, number> {
  constructor(private readonly field: string) {}

  transform(value: string): number {
    if (!/^\d{1,10}$/.test(value)) throw invalidField(this.field, 'must be a whole number');
    return Number(value);
  }
}

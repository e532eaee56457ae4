import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { validateInput } from './validate-input.js';

type InputClass = new () => object;

/** Validates bodies and queries that have a class. */
@Injectable()
export class InputPipe implements PipeTransform<unknown, unknown> {
  /** Most requests have no query: what that makes of a class need not be found out again. */
  readonly #emptyQueries = new Map<InputClass, object>();

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (metatype === undefined || metatype === Object || metatype === String || type === 'param' || type === 'custom') {
      return value;
    }
    const inputClass = metatype as InputClass;
    if (type === 'query')
      return isEmpty(value) ? this.#emptyQuery(inputClass) : validateInput(inputClass, value, 'query.');
    // A body that may be empty arrives as undefined.
    return validateInput(inputClass, value === undefined ? {} : value);
  }

  #emptyQuery(inputClass: InputClass): object {
    let query = this.#emptyQueries.get(inputClass);
    if (query === undefined) {
      query = Object.freeze(validateInput(inputClass, {}, 'query.'));
      this.#emptyQueries.set(inputClass, query);
    }
    return query;
  }
}

function isEmpty(query: unknown): boolean {
  for (const _ in query as object) return false;
  return true;
}

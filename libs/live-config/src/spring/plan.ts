import { type MultiOperation, ops } from '../ensemble/ops.js';
import { ancestorsOf, type Properties, propertyPath } from './properties-view.js';

/**
 * What makes a context hold these properties and no others: folders before what is in them, and what is to go from the bottom up.
 * `there` is every znode of the context and its data.
 */
export function planWrites(
  context: string,
  there: ReadonlyMap<string, string>,
  properties: Properties,
): MultiOperation[] {
  const wanted = new Map<string, string>([[context, '']]);
  for (const [name, value] of properties) {
    for (const ancestor of ancestorsOf(name)) wanted.set(`${context}/${propertyPath(ancestor)}`, '');
    wanted.set(`${context}/${propertyPath(name)}`, value);
  }
  const stale = [...there.keys()].filter((path) => !wanted.has(path));
  const deepestFirst = stale.sort((a, b) => b.split('/').length - a.split('/').length);
  const writes = [...wanted.entries()].flatMap(([path, value]): MultiOperation[] => {
    if (!there.has(path)) return [ops.create(path, value)];
    return there.get(path) === value ? [] : [ops.set(path, Buffer.from(value), -1)];
  });
  return [...deepestFirst.map((path) => ops.delete(path)), ...writes];
}

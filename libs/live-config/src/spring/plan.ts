import { type MultiOperation, ops } from '../ensemble/ops.js';
import { ancestorsOf, type Properties, propertyPath } from './properties-view.js';

/** A context as it stands: every znode of it and its data. Empty when it is not there. */
export type ContextZnodes = ReadonlyMap<string, string>;

/**
 * What makes a context hold these properties and no others: folders before what is in them, and what is to go from the bottom up. The
 * context itself carries the mark of who writes it, which is no property to Spring.
 */
export function planWrites(
  context: string,
  there: ContextZnodes,
  properties: Properties,
  mark: string,
): MultiOperation[] {
  const wanted = new Map<string, string>([[context, mark]]);
  for (const [name, value] of properties) {
    for (const ancestor of ancestorsOf(name)) {
      const path = `${context}/${propertyPath(ancestor)}`;
      if (!wanted.has(path)) wanted.set(path, properties.get(ancestor) ?? '');
    }
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

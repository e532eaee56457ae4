/** JSON for people, with 64-bit numbers written out in digits, as ZooKeeper writes session ids. */
export function jsonText(value: unknown): string {
  // Control characters cannot stand in paths and never come from us, so no text can look like a marked number.
  const marked = JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? `\u0001${item}\u0001` : item),
    2,
  );
  return marked.replace(/"\\u0001(-?\d+)\\u0001"/g, '$1');
}

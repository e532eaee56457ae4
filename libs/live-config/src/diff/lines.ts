/** One line of a difference between two texts. */
export interface LineChange {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Comparisons that one difference may cost; over that, what differs is shown as replaced whole. */
const CELLS_MAX = 1_000_000;
/** Unchanged lines shown around a change. */
const CONTEXT_LINES = 3;

/** The lines of both texts in one list: a shortest difference, or, for large texts that differ all over, one block against the other. */
export function diffLines(before: string, after: string): LineChange[] {
  const old = linesOf(before);
  const fresh = linesOf(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, fresh.length) - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  return [
    ...tagged('same', old.slice(0, head)),
    ...diffMiddle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...tagged('same', old.slice(old.length - tail)),
  ];
}

/** By the table of longest common subsequences. */
function diffMiddle(old: readonly string[], fresh: readonly string[]): LineChange[] {
  if (old.length * fresh.length > CELLS_MAX) return [...tagged('removed', old), ...tagged('added', fresh)];
  const width = fresh.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const longest =
        old[i] === fresh[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
      common[i * width + j] = longest;
    }
  }
  const changes: LineChange[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      changes.push({ kind: 'same', text: old[i]! });
      i += 1;
      j += 1;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) {
      changes.push({ kind: 'removed', text: old[i]! });
      i += 1;
    } else {
      changes.push({ kind: 'added', text: fresh[j]! });
      j += 1;
    }
  }
  return [...changes, ...tagged('removed', old.slice(i)), ...tagged('added', fresh.slice(j))];
}

/** As `diff -u` shows it, without the heading of file names. Empty when nothing differs. */
export function unifiedDiff(before: string, after: string): string {
  const changes = diffLines(before, after);
  const near = changes.map((_, i) =>
    changes.slice(Math.max(0, i - CONTEXT_LINES), i + CONTEXT_LINES + 1).some(({ kind }) => kind !== 'same'),
  );
  const shown: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  changes.forEach(({ kind, text }, i) => {
    if (near[i] === true) {
      if (near[i - 1] !== true) shown.push(`@@ -${oldLine} +${newLine} @@`);
      shown.push(`${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);
    }
    if (kind !== 'added') oldLine += 1;
    if (kind !== 'removed') newLine += 1;
  });
  return shown.join('\n');
}

function tagged(kind: LineChange['kind'], lines: readonly string[]): LineChange[] {
  return lines.map((text) => ({ kind, text }));
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

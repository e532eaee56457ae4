import { once } from 'node:events';

const CHUNK_CHARACTERS = 65_536;

/** Writes lines to standard output, however many, no faster than they are taken. Whoever has seen enough (`head`) may go away. */
export async function printLines(lines: Iterable<string>): Promise<void> {
  const gone = new AbortController();
  process.stdout.once('error', () => gone.abort());
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    if (!process.stdout.write(chunk))
      await once(process.stdout, 'drain', { signal: gone.signal }).catch(() => undefined);
    if (gone.signal.aborted) return;
    chunk = '';
  }
  if (chunk !== '') process.stdout.write(chunk);
}

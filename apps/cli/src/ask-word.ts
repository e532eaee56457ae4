import { connect } from 'node:net';

/** Longer answers than this are no answers to a four-letter word of a few lines. */
const ANSWER_BYTES_MAX = 1024 * 1024;
const TIMEOUT_MS = 3_000;

/** What came back: a text, or nothing, and why. */
export type WordReply =
  { readonly kind: 'answer'; readonly text: string } | { readonly kind: 'silent'; readonly reason: string };

/** Asks a server a four-letter word. */
export function askWord(host: string, port: number, word: string): Promise<WordReply> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const fail = (reason: string): void => {
      socket.destroy();
      resolve({ kind: 'silent', reason });
    };
    socket.setTimeout(TIMEOUT_MS, () => {
      fail(`no answer in ${String(TIMEOUT_MS)} ms`);
    });
    socket.once('connect', () => socket.write(word));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      fail(error.code ?? error.message);
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > ANSWER_BYTES_MAX) fail('that is no ZooKeeper');
    });
    socket.once('close', () => {
      resolve({ kind: 'answer', text: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** The data that a command line names: the text itself, or, for `-`, what comes on standard input. */
export async function dataOf(text: string): Promise<Buffer> {
  if (text !== '-') return Buffer.from(text);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

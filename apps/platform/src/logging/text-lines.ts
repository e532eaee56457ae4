/** Log lines for people, in the coordinator's form: time, level, component, message, then facts as key=value. */

/** A destination for pino that makes such a line out of each of its JSON lines. */
export function textLines(write: (line: string) => void): { write(line: string): void } {
  return { write: (line) => write(textLine(line)) };
}

/** What pino writes. */
interface PinoLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly time: number;
  readonly component?: string;
  readonly msg?: string;
}

/** One line of JSON as one line of text. */
export function textLine(json: string): string {
  const { level, time, component = 'platform', msg = '', ...facts } = JSON.parse(json) as PinoLine;
  const shown = Object.entries(facts)
    .map(([key, value]) => ` ${key}=${formatValue(value)}`)
    .join('');
  const when = new Date(time).toISOString();
  const who = `${level.toUpperCase().padEnd(5)} ${component.padEnd(9)}`;
  return `${when} ${who} ${oneLine(msg)}${shown}\n`;
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}|[\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

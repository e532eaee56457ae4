/** Log lines for people: time, level, component, message, then facts as key=value. */

/** How important a line is. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** The facts of a message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines for one component. The libraries declare this shape as their own port. */
export type Logger = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Where lines go and which of them. */
export interface LineLoggerOptions {
  /** The least important level that is written. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  readonly wallClockMs: () => number;
}

const RANKS: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Makes loggers for components. */
export class LineLogger {
  readonly #options: LineLoggerOptions;

  constructor(options: LineLoggerOptions) {
    this.#options = options;
  }

  /** The logger of a component, whose name stands in each of its lines. */
  component(name: string): Logger {
    return (level, message, fields) => {
      this.#write(level, name, message + formatFields(fields));
    };
  }

  #write(level: LogLevel, component: string, text: string): void {
    const { level: least, write, wallClockMs } = this.#options;
    if (RANKS[level] > RANKS[least]) return;
    const time = new Date(wallClockMs()).toISOString();
    // One message is one line, whatever a client managed to put into it.
    write(`${time} ${level.toUpperCase().padEnd(5)} ${component.padEnd(9)} ${oneLine(text)}\n`);
  }
}

/** A logger that writes to standard output. Whoever reads it may go away; the server stays. */
export function stdoutLineLogger(level: LogLevel): LineLogger {
  process.stdout.on('error', () => undefined);
  return new LineLogger({ level, wallClockMs: Date.now, write: (line) => process.stdout.write(line) });
}

function formatFields(fields: LogFields | undefined): string {
  if (fields === undefined) return '';
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${formatValue(value)}`)
    .join('');
}

function formatValue(value: unknown): string {
  const text = textOf(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function textOf(value: unknown): string {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

/** An error and what caused it, in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const cause = describeError(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}|[\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

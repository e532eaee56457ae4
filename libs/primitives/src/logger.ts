/** What a log line says beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | bigint | undefined>>;

/** Where lines for people go. A function, so that whoever writes one needs to know nothing of who reads it. */
export type Logger = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void;

/** How important a message is. */
export type LogLevel = 'info' | 'warn' | 'error';

/** Where the store says what it found and did: the port that the owner fills. Fields are the facts of the message, for machines. */
export type Logger = (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;

/** A logger for those who do not want to know. */
export const silentLogger: Logger = () => undefined;

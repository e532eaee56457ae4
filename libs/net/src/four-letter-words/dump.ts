import { formatSessionId, NO_SESSION, type SessionId } from '@corral/primitives';
import { DEFAULT_CLIENT_LIMITS } from '../clients/limits.js';
import { addressOf } from './connection-line.js';
import type { WordContext } from './four-letter-word.js';
import { dateText } from './java-text.js';
import type { ConnectionFigures, SessionFigures } from './report-source.js';

/** Sessions by the time at which they expire, their ephemeral znodes, and the connections by the time of their session. */
export function answerDump(context: WordContext): string {
  const sessions = [...context.source.sessions()];
  return [
    'SessionTracker dump:\n',
    sessionSets(sessions, context),
    'ephemeral nodes dump:\n',
    ephemerals(sessions),
    'Connections dump:\n',
    connectionSets([...context.source.connections()], sessions, context),
  ].join('');
}

function sessionSets(sessions: readonly SessionFigures[], context: WordContext): string {
  const sets = groupByTick(sessions, (session) => session.expiresAtMs, context);
  const lines = [...sets].flatMap(([expiresAtMs, members]) => [
    `${members.length} expire at ${dateText(expiresAtMs)}:\n`,
    ...members.map((session) => `\t${formatSessionId(session.sessionId)}\n`),
  ]);
  return `Session Sets (${sets.size})/(${sessions.length}):\n${lines.join('')}`;
}

function ephemerals(sessions: readonly SessionFigures[]): string {
  const owners = sessions.filter((session) => session.ephemerals.length > 0);
  const lines = owners.flatMap(({ sessionId, ephemerals }) => [
    `${formatSessionId(sessionId)}:\n`,
    ...ephemerals.map((path) => `\t${path}\n`),
  ]);
  return `Sessions with Ephemerals (${owners.length}):\n${lines.join('')}`;
}

function connectionSets(
  connections: readonly ConnectionFigures[],
  sessions: readonly SessionFigures[],
  context: WordContext,
): string {
  const expiries = new Map<SessionId, number>(sessions.map((session) => [session.sessionId, session.expiresAtMs]));
  // Before its handshake a connection lives as long as it may take for that.
  const expiryOf = (connection: ConnectionFigures): number =>
    expiries.get(connection.sessionId) ?? connection.establishedAtMs + DEFAULT_CLIENT_LIMITS.handshakeTimeoutMs;
  const sets = groupByTick(connections, expiryOf, context);
  const lines = [...sets].flatMap(([expiresAtMs, members]) => [
    `${members.length} expire at ${dateText(expiresAtMs)}:\n`,
    ...members.map((connection) => `\tip: ${addressOf(connection)} sessionId: ${sessionText(connection.sessionId)}\n`),
  ]);
  return `Connections Sets (${sets.size})/(${connections.length}):\n${lines.join('')}`;
}

function sessionText(sessionId: SessionId): string {
  return sessionId === NO_SESSION ? '0x0' : formatSessionId(sessionId);
}

/** Expiry is counted in ticks, so what expires within one tick is one set; the earliest comes first. */
function groupByTick<T>(items: readonly T[], timeOf: (item: T) => number, { facts }: WordContext): Map<number, T[]> {
  const { tickMs } = facts.configuration;
  const sets = new Map<number, T[]>();
  const endOfTick = (item: T): number => Math.ceil(timeOf(item) / tickMs) * tickMs;
  for (const item of [...items].sort((a, b) => timeOf(a) - timeOf(b))) {
    const set = sets.get(endOfTick(item));
    if (set === undefined) sets.set(endOfTick(item), [item]);
    else set.push(item);
  }
  return sets;
}

/** What has to be done about a quiet connection. */
export type Pulse =
  /** Nothing, before so many milliseconds have passed. */
  | { readonly kind: 'wait'; readonly delayMs: number }
  /** The server must hear from us, so that the session lives. */
  | { readonly kind: 'ping' }
  /** The server was not heard for so long that another one has to be tried while the session still lives. */
  | { readonly kind: 'dead' };

const WAIT_MS_MIN = 1;

/**
 * Decides when to ping and when to give up a connection. A third of the session timeout of silence on our side makes a ping; two
 * thirds on the server's side, in which at least one ping went unanswered, make the connection dead.
 */
export function pulse(nowMs: number, lastSentMs: number, lastHeardMs: number, sessionTimeoutMs: number): Pulse {
  const pingInMs = lastSentMs + sessionTimeoutMs / 3 - nowMs;
  const deadInMs = lastHeardMs + (sessionTimeoutMs * 2) / 3 - nowMs;
  if (deadInMs <= 0) return { kind: 'dead' };
  if (pingInMs <= 0) return { kind: 'ping' };
  return { kind: 'wait', delayMs: Math.max(Math.ceil(Math.min(pingInMs, deadInMs)), WAIT_MS_MIN) };
}

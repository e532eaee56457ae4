import { decodeInstance, encodeInstance } from '../instance/curator-json.js';
import type { InstanceHealth, ServiceInstance } from '../instance/instance.js';
import type { Verdict } from '../guard/mass-loss-guard.js';
import type { Votes } from '../guard/votes.js';

/** The result of an instance's active checks, as the platform that checks it writes it down. */
export interface HealthNote {
  readonly health: InstanceHealth;
  /** What went wrong, for people. */
  readonly reason?: string;
}

/** What the platforms know of an instance that vanished with many others. */
export interface GuardNote {
  readonly instance: ServiceInstance;
  readonly votes: Votes;
  readonly verdict: Verdict;
}

export function encodeHealthNote(note: HealthNote): string {
  return JSON.stringify(note);
}

/** Of a note that cannot be read, nothing is known: it says nothing. */
export function decodeHealthNote(data: Buffer): HealthNote {
  const note = objectOf(data);
  const health = note['health'] === 'passing' || note['health'] === 'failing' ? note['health'] : 'unknown';
  return { health, ...(typeof note['reason'] === 'string' && { reason: note['reason'] }) };
}

export function encodeGuardNote({ instance, votes, verdict }: GuardNote): string {
  return JSON.stringify({ instance: JSON.parse(encodeInstance(instance)) as unknown, votes, verdict });
}

/** `undefined` when it cannot be read. */
export function decodeGuardNote(service: string, id: string, data: Buffer): GuardNote | undefined {
  const note = objectOf(data);
  try {
    const registered = decodeInstance(service, id, Buffer.from(JSON.stringify(note['instance'] ?? null)));
    return {
      instance: { ...registered, health: 'unknown' },
      votes: votesOf(note['votes']),
      verdict: verdictOf(note['verdict']),
    };
  } catch {
    return undefined;
  }
}

function verdictOf(value: unknown): Verdict {
  return value === 'alive' || value === 'dead' ? value : 'unknown';
}

function votesOf(value: unknown): Votes {
  if (typeof value !== 'object' || value === null) return {};
  const votes: Record<string, 'alive' | 'dead'> = {};
  for (const [platform, vote] of Object.entries(value as Record<string, unknown>))
    if (vote === 'alive' || vote === 'dead') votes[platform] = vote;
  return votes;
}

function objectOf(data: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import { formatSessionId, sessionIdOf } from '@corral/primitives';
import type { Effect, Notification, QuorumMessage } from '@corral/zab';

/* How traces show things. */

export function describe(effect: Effect): string {
  const shown: Record<string, unknown> = { ...effect };
  delete shown['kind'];
  return `${effect.kind} ${JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'number' && value > 0xffff_ffff ? value.toString(16) : value))}`;
}

export function describeMessage(message: QuorumMessage): string {
  const { kind, ...rest } = message;
  const shown = Object.entries(rest)
    .filter(([name]) => name !== 'transaction' && name !== 'config' && name !== 'request')
    .map(([name, value]) => `${name}=${typeof value === 'number' ? value.toString(16) : textOf(value)}`);
  return [kind, ...shown].join(' ');
}

/** As JSON, with session ids as everybody writes them. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'bigint' ? formatSessionId(sessionIdOf(part)) : part,
  );
}

export function describeNotification({ state, electionEpoch, vote }: Notification): string {
  const shown =
    vote === null ? 'no vote' : `${String(vote.leader)} (${String(vote.peerEpoch)}, ${vote.zxid.toString(16)})`;
  return `${state} in round ${String(electionEpoch)} for ${shown}`;
}

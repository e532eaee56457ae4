import { limits } from '../limits.js';
import type { SubscriberInfo } from '../store/types.js';
import { partsOfAckName } from './paths.js';

/** Characters of an error that a subscriber reports. */
const ERROR_LENGTH_MAX = 1000;

/** What a subscriber writes into its znode; who it is stands in the znode's name. */
export type AckData = Omit<SubscriberInfo, 'instanceId' | 'profiles'>;

/** An acknowledgement as bytes. */
export function encodeAck({ labels, release, defaultsRelease, failed }: AckData): string {
  const cut = failed === undefined ? undefined : { ...failed, error: failed.error.slice(0, ERROR_LENGTH_MAX) };
  return JSON.stringify({ release, defaultsRelease, labels, failed: cut });
}

/** Reads an acknowledgement. Others write these, so one that cannot be read is one that has nothing to say. */
export function decodeAck(name: string, data: Uint8Array): SubscriberInfo {
  const { profiles, instanceId } = partsOfAckName(name);
  const silent = { instanceId, profiles, labels: {}, release: 0, defaultsRelease: 0 };
  if (data.byteLength > limits.znodeBytesMax) return silent;
  try {
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
    return { ...silent, ...(JSON.parse(text) as Partial<AckData>) };
  } catch {
    return silent;
  }
}

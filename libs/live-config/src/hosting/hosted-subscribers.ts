import { ErrorCode } from '@corral/model';
import type { Logger } from '@corral/primitives';
import { type ConfigClient, hasCode } from '../ensemble/client-port.js';
import { ops } from '../ensemble/ops.js';
import { ensureZnode } from '../ensemble/parents.js';
import { ScopeReader } from '../ensemble/scope-reader.js';
import { systemClock } from '../ensemble/wall-clock.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import { type AckData, decodeAck, encodeAck } from '../layout/ack.js';
import { ackName } from '../layout/paths.js';
import { checkLabels, checkName, checkTarget, describeScope, type Target } from '../names.js';
import type { InstanceIdentity } from '../rollout/spec.js';
import type { SubscriberInfo } from '../store/types.js';
import type { SubscriptionClock } from '../subscription/types.js';
import { HostedRecords, type Hosting } from './hosted-records.js';

/** So often somebody else may change a record at the same moment before something else must be wrong. */
const TRIES_MAX = 8;

/** How subscribers are hosted. */
export interface HostedSubscribersOptions {
  /** `/corral/config` by default. */
  readonly root?: string;
  readonly clock?: SubscriptionClock;
  readonly logger?: Logger;
}

/** What a subscriber makes of a release. */
export interface Acknowledgement {
  readonly release: number;
  readonly defaultsRelease: number;
  /** Why it does not take the release; it goes on with what it had. */
  readonly error?: string | undefined;
}

/**
 * Subscribers that have no session: somebody who has one hosts them. The record of each is an ephemeral of the host's session, so it goes
 * when the subscriber leaves its host and when the host dies. Whoever hosts it, an acknowledgement may be handed in anywhere; and the
 * next host takes over what the one before knew.
 */
export class HostedSubscribers {
  readonly #client: ConfigClient;
  readonly #reader: ScopeReader;
  readonly #records: HostedRecords;

  constructor(client: ConfigClient, { root, clock = systemClock, logger }: HostedSubscribersOptions = {}) {
    this.#client = client;
    this.#reader = new ScopeReader(client, root);
    this.#records = new HostedRecords(client, clock, logger ?? (() => undefined));
  }

  /** Makes a subscriber known: releases wait for it from now on. @throws InvalidInputError | TooLargeError naming the field */
  async host(target: Target, identity: InstanceIdentity): Promise<Hosting> {
    const path = this.#path(target, identity.instanceId);
    const labels = checkLabels(identity.labels);
    const session = this.#client.sessionId;
    const known = await this.#claim(path, labels);
    return { known, ...this.#records.hold(path, session) };
  }

  /**
   * Writes down what a subscriber made of a release.
   * @throws NotFoundError when nobody hosts it, InvalidInputError for a release that there is not
   */
  async acknowledge(target: Target, instanceId: string, said: Acknowledgement): Promise<void> {
    const path = this.#path(target, instanceId);
    await this.#checkReleased(target, said);
    for (let tries = 1; ; tries += 1) {
      const znode = await this.#client.getOrUndefined(path);
      if (znode === undefined) {
        throw new NotFoundError(`subscriber ${instanceId} of ${describeScope(target)} with these profiles`);
      }
      const data = encodeAck(acknowledged(decodeAck(nameIn(path), znode.data), said));
      try {
        await this.#client.set(path, data, { version: znode.stat.version });
        this.#records.heard(path);
        return;
      } catch (error) {
        if (!isOvertaken(error) || tries === TRIES_MAX) throw error;
      }
    }
  }

  /** Everybody is let go. */
  close(): void {
    this.#records.close();
  }

  #path({ namespace, application, profiles }: Target, instanceId: string): string {
    const target = checkTarget({ namespace, application, profiles: profiles ?? [] });
    const name = ackName(target.profiles, checkName('instance', instanceId));
    return `${this.#reader.paths(target).acks}/${name}`;
  }

  /** The record is an ephemeral of this session from now on; what it says stays. */
  async #claim(path: string, labels: SubscriberInfo['labels']): Promise<SubscriberInfo> {
    const client = this.#client;
    for (let tries = 1; ; tries += 1) {
      const znode = await client.getOrUndefined(path);
      const known = decodeAck(nameIn(path), znode?.data ?? Buffer.alloc(0));
      const isOwn = znode?.stat.ephemeralOwner === client.sessionId;
      if (isOwn && JSON.stringify(known.labels) === JSON.stringify(labels)) return known;
      const data = encodeAck({ ...known, labels });
      try {
        if (znode === undefined) await client.create(path, data, { mode: 'ephemeral' });
        else if (isOwn) await client.set(path, data, { version: znode.stat.version });
        else await client.multi([ops.delete(path, znode.stat.version), ops.createEphemeral(path, data)]);
        return known;
      } catch (error) {
        if (!isOvertaken(error) || tries === TRIES_MAX) throw error;
        if (znode === undefined) await ensureZnode(client, path.slice(0, path.lastIndexOf('/')));
      }
    }
  }

  /** A subscriber that claims what is yet to come would be taken for one that has it. */
  async #checkReleased({ namespace, application }: Target, said: Acknowledgement): Promise<void> {
    const [defaults, own] = await Promise.all([
      this.#reader.pointer({ namespace }),
      this.#reader.pointer({ namespace, application }),
    ]);
    const newest = `${own.pointer.lastRelease}.${defaults.pointer.lastRelease}`;
    if (said.release > own.pointer.lastRelease || said.defaultsRelease > defaults.pointer.lastRelease) {
      throw new InvalidInputError('revision', `must be one that was seen; the newest is ${newest}`);
    }
  }
}

/** What a record says after an acknowledgement. */
function acknowledged({ labels, release, defaultsRelease }: SubscriberInfo, said: Acknowledgement): AckData {
  const { error, ...numbers } = said;
  return error === undefined
    ? { ...numbers, labels }
    : { labels, release, defaultsRelease, failed: { ...numbers, error } };
}

function isOvertaken(error: unknown): boolean {
  return [ErrorCode.noNode, ErrorCode.nodeExists, ErrorCode.badVersion].some((code) => hasCode(error, code));
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

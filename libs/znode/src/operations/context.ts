import { NO_SESSION, type SessionId, type Zxid } from '@corral/primitives';
import { type Acl, ErrorCode, type Identity, type NodeChange, OPEN_ACL, ROOT_PATH } from '@corral/model';
import { permits } from '../access.js';
import type { OutstandingChanges, OutstandingZnode } from '../outstanding.js';
import { limitsPath, QuotaFigures, statsPath } from '../quotas.js';
import * as records from '../record.js';
import type { Tree } from '../tree.js';

/** A refused request answers with this; a granted one with the change to propose. */
export type Verdict<C extends NodeChange = NodeChange> = C | ErrorCode;

/** Who asks. */
export interface Requester {
  readonly sessionId: SessionId;
  readonly identities: readonly Identity[];
}

/** Rules of the house that an operator can set. */
export interface PrepareOptions {
  /** Whether znodes with a time to live may be created. */
  readonly ttlEnabled: boolean;
  /** Whether hard quotas refuse requests. */
  readonly enforceQuota: boolean;
  /** Whether ACLs are ignored. */
  readonly skipAcl: boolean;
}

/** What a decision is made against: the tree as it will be once all that is proposed is applied. */
export class PrepareContext {
  readonly #tree: Pick<Tree, 'get' | 'aclOf' | 'quotaPathOf'>;
  readonly outstanding: OutstandingChanges;
  readonly options: PrepareOptions;
  /** The number that the transaction being prepared will get. */
  zxid: Zxid = 0 as Zxid;

  constructor(
    tree: Pick<Tree, 'get' | 'aclOf' | 'quotaPathOf'>,
    outstanding: OutstandingChanges,
    options: PrepareOptions,
  ) {
    this.#tree = tree;
    this.outstanding = outstanding;
    this.options = options;
  }

  /** The znode at a path as it will be; nothing when there will be none. Change it only after `change`. */
  znode(path: string): OutstandingZnode | undefined {
    const pending = this.outstanding.get(path === '' ? ROOT_PATH : path);
    if (pending !== undefined) return pending.deleted ? undefined : pending;
    const record = this.#tree.get(path);
    return record === undefined ? undefined : this.#fromRecord(record);
  }

  #fromRecord(record: records.ZnodeRecord): OutstandingZnode {
    return {
      zxid: -1,
      deleted: false,
      version: records.versionOf(record),
      aversion: records.aversionOf(record),
      creates: records.createsOf(record),
      numChildren: records.numChildrenOf(record),
      owner: records.isPersistent(record) ? NO_SESSION : records.ownerOf(record),
      acl: records.hasOpenAcl(record) ? OPEN_ACL : this.#tree.aclOf(record),
      dataLength: records.dataLengthOf(record),
    };
  }

  /** The znode, to be changed by the transaction that is being prepared. */
  change(path: string, znode: OutstandingZnode): OutstandingZnode {
    return this.outstanding.claim(path === '' ? ROOT_PATH : path, znode, this.zxid);
  }

  permits(acl: readonly Acl[], perms: number, requester: Requester): boolean {
    return acl === OPEN_ACL || this.options.skipAcl || permits(acl, perms, requester.identities);
  }

  /**
   * Says whether a hard quota forbids so much more, or cannot be read. As in ZooKeeper, usage is what is applied, not what is proposed, so that a burst can
   * overshoot a little.
   */
  quotaFault(path: string, count: number, bytes: number): ErrorCode {
    if (!this.options.enforceQuota) return ErrorCode.ok;
    const subject = this.#tree.quotaPathOf(path);
    if (subject === undefined) return ErrorCode.ok;
    const limitsRecord = this.#tree.get(limitsPath(subject));
    const usedRecord = this.#tree.get(statsPath(subject));
    if (limitsRecord === undefined || usedRecord === undefined) return ErrorCode.ok;
    const limits = QuotaFigures.parse(records.dataOf(limitsRecord));
    const used = QuotaFigures.parse(records.dataOf(usedRecord));
    if (limits === undefined || used === undefined) return ErrorCode.marshallingError;
    const overCount = count !== 0 && limits.countHardLimit > -1 && used.count + count > limits.countHardLimit;
    const overBytes = bytes !== 0 && limits.bytesHardLimit > -1 && used.bytes + bytes > limits.bytesHardLimit;
    return overCount || overBytes ? ErrorCode.quotaExceeded : ErrorCode.ok;
  }
}

/** The version after this one, as a 32-bit number that wraps. */
export function nextVersion(version: number): number {
  return (version + 1) | 0;
}

/** Whether a request that expects `expected` (-1 for any) may go on. */
export function versionMatches(current: number, expected: number): boolean {
  return expected === -1 || expected === current;
}

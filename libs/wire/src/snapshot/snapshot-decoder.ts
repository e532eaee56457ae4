import { MalformedRecordError } from '../errors.js';
import { type OnBytes, RecordStream } from '../record-stream.js';
import type { RecordReader } from '../record-reader.js';
import {
  readSnapshotAcl,
  readSnapshotHeader,
  readSnapshotSeal,
  readSnapshotSession,
  type SnapshotAcl,
  type SnapshotSession,
} from './records.js';
import { SnapshotZnodeView } from './znode-view.js';

/** Takes what a snapshot holds, in this order. Bytes in it last until the chunk that brought them changes. */
export interface SnapshotVisitor {
  session(session: SnapshotSession): void;
  acl(acl: SnapshotAcl): void;
  /** The view is the same object each time. */
  znode(znode: SnapshotZnodeView): void;
}

/** How a snapshot comes: as a file, or within the stream from a leader, which has no header and no checksum. */
export type SnapshotForm = 'file' | 'stream';

/** What comes next. */
type Step = 'header' | 'session-count' | 'sessions' | 'acl-count' | 'acls' | 'znodes' | 'seal' | 'done';

/**
 * Reads a snapshot from the chunks in which it arrives, a file's without holding it in memory.
 * It ends with the tree and, in a file, the checksum over it; a digest may follow (`readSnapshotDigest`), which `takeRest` gives.
 */
export class SnapshotDecoder {
  readonly #stream: RecordStream;
  readonly #visitor: SnapshotVisitor;
  readonly #form: SnapshotForm;
  #step: Step;
  /** How many sessions or ACLs are still to come. */
  #left = 0;
  #checksum: number | undefined;
  readonly #znode = new SnapshotZnodeView();
  readonly #readZnode = (reader: RecordReader): boolean => this.#znode.read(reader);

  /** `onBytes` is told of all bytes up to the end of the tree, which are those that the checksum covers. */
  constructor(form: SnapshotForm, visitor: SnapshotVisitor, options: { maxRecordBytes: number; onBytes?: OnBytes }) {
    this.#form = form;
    this.#visitor = visitor;
    this.#step = form === 'file' ? 'header' : 'session-count';
    this.#stream = new RecordStream(options.maxRecordBytes, (buffer, start, end) => {
      if (this.#step !== 'seal') options.onBytes?.(buffer, start, end);
    });
  }

  /** Whether the end was reached. */
  get done(): boolean {
    return this.#step === 'done';
  }

  /** The checksum that a file tells, once it is done. */
  get checksum(): number | undefined {
    return this.#checksum;
  }

  /** How many bytes were read as part of the snapshot; in an error, where it is broken. */
  get position(): number {
    return this.#stream.position;
  }

  /**
   * Takes the next bytes.
   * @throws MalformedRecordError when they are no snapshot.
   */
  push(chunk: Buffer): void {
    this.#stream.push(chunk);
    while (this.#step !== 'done' && this.#advance());
  }

  /** States that no more bytes come. @throws MalformedRecordError when the snapshot is not complete. */
  end(): void {
    if (this.#step === 'done') return;
    throw new MalformedRecordError(`snapshot (${this.#step})`, this.position, 'more bytes, found the end');
  }

  /** The bytes that came after the snapshot. */
  takeRest(): Buffer {
    return this.#stream.takeRest();
  }

  /** One step; false when it needs more bytes. */
  #advance(): boolean {
    switch (this.#step) {
      case 'header':
        return this.#read(readSnapshotHeader, () => 'session-count');
      case 'session-count':
        return this.#read(readCount, (count) => this.#expect(count, 'sessions', 'acl-count'));
      case 'sessions':
        return this.#read(readSnapshotSession, (session) => {
          this.#visitor.session(session);
          return this.#expect(this.#left - 1, 'sessions', 'acl-count');
        });
      case 'acl-count':
        return this.#read(readCount, (count) => this.#expect(count, 'acls', 'znodes'));
      case 'acls':
        return this.#read(readSnapshotAcl, (acl) => {
          this.#visitor.acl(acl);
          return this.#expect(this.#left - 1, 'acls', 'znodes');
        });
      case 'znodes':
        return this.#advanceZnode();
      case 'seal':
        return this.#read(readSnapshotSeal, (checksum) => {
          this.#checksum = checksum;
          return 'done';
        });
      case 'done':
        return false;
    }
  }

  #advanceZnode(): boolean {
    const isThere = this.#stream.read(this.#readZnode);
    if (isThere === undefined) return false;
    if (isThere) this.#visitor.znode(this.#znode);
    else this.#step = this.#form === 'file' ? 'seal' : 'done';
    return true;
  }

  #read<T>(decode: (reader: RecordReader) => T, then: (value: T) => Step): boolean {
    const value = this.#stream.read(decode);
    if (value === undefined) return false;
    this.#step = then(value);
    return true;
  }

  #expect(count: number, items: Step, afterwards: Step): Step {
    this.#left = count;
    return count > 0 ? items : afterwards;
  }
}

function readCount(reader: RecordReader): number {
  return reader.readInt();
}

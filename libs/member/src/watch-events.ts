import { type EventType, Perms } from '@corral/model';
import { RecordWriter } from '@corral/wire';
import { permits, type WatchedChange } from '@corral/znode';
import type { Connection } from './connection.js';
import type { MemberStatistics } from './statistics.js';
import { writeWatchEventFrame } from './replies.js';

/**
 * Sends watch events. One change often goes to many watchers, so the frame is encoded once and copied from then on.
 */
export class WatchEvents {
  readonly #statistics: MemberStatistics;
  readonly #skipAcl: boolean;
  readonly #frame = new RecordWriter(256);
  #type: EventType | undefined;
  #path = '';

  constructor(statistics: MemberStatistics, skipAcl: boolean) {
    this.#skipAcl = skipAcl;
    this.#statistics = statistics;
  }

  /** Appends the event to what goes out to the connection, if it may read what the event is about. */
  readonly deliver = (connection: Connection, { type, path, acl }: WatchedChange): void => {
    if (connection.closed || (!this.#skipAcl && !permits(acl, Perms.read, connection.identities))) return;
    if (type !== this.#type || path !== this.#path) {
      this.#frame.clear();
      writeWatchEventFrame(this.#frame, type, path);
      this.#type = type;
      this.#path = path;
    }
    connection.channel.outgoing().writeBytes(this.#frame.buffer, 0, this.#frame.length);
    connection.packetsSent += 1;
    this.#statistics.packetsSent += 1;
    this.#statistics.watchEventsSent += 1;
  };
}

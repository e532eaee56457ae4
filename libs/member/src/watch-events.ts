import type { EventType } from '@corral/model';
import { RecordWriter } from '@corral/wire';
import type { Connection } from './connection.js';
import type { MemberStatistics } from './statistics.js';
import { writeWatchEventFrame } from './replies.js';

/**
 * Sends watch events. One change often goes to many watchers, so the frame is encoded once and copied from then on.
 */
export class WatchEvents {
  readonly #statistics: MemberStatistics;
  readonly #frame = new RecordWriter(256);
  #type: EventType | undefined;
  #path = '';

  constructor(statistics: MemberStatistics) {
    this.#statistics = statistics;
  }

  /** Appends the event to what goes out to the connection. */
  readonly deliver = (connection: Connection, type: EventType, path: string): void => {
    if (connection.closed) return;
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

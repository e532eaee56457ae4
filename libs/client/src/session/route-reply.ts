import { readWatcherEvent, type RecordReader, Xid } from '@corral/wire';
import type { Conversation } from '../requests/conversation.js';
import type { ClientWatches } from '../watches/client-watches.js';
import type { Primer } from './primer.js';

/** Who takes what a server sends. */
export interface ReplyTakers {
  readonly watches: ClientWatches;
  readonly primer: Primer;
  readonly conversation: Conversation;
}

/** Hands a reply to whom it concerns, by its number: some numbers are not of requests. */
export function routeReply(takers: ReplyTakers, xid: number, zxid: number, err: number, reader: RecordReader): void {
  switch (xid) {
    case Xid.watcherEvent:
      takers.watches.take(readWatcherEvent(reader), zxid);
      return;
    case Xid.auth:
      takers.primer.credentialAnswered(err);
      return;
    case Xid.setWatches:
      takers.primer.watchesAnswered(err);
      return;
    default:
      takers.watches.replied();
      takers.conversation.take(xid, zxid, err, reader);
  }
}

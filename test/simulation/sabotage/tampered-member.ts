import type { ClientHandler, PeerLink, PeerLinkHandler, ReplicaStorage } from '@corral/member';
import type { QuorumMessage, TransactionLog } from '@corral/zab';

/* Members with somebody between them and their ports. As they stand here, these change nothing. */

/** A link on which what the member says may become something else, or be answered at once by somebody who is not the peer. */
export function tamperedLink(link: PeerLink, say: (message: QuorumMessage) => readonly QuorumMessage[]): PeerLink {
  return {
    remote: link.remote,
    append: (message) => {
      for (const each of say(message)) link.append(each);
    },
    outgoing: () => link.outgoing(),
    flush: () => {
      link.flush();
    },
    get isFull() {
      return link.isFull;
    },
    get unsentBytes() {
      return link.unsentBytes;
    },
    takeBytes: (take) => {
      link.takeBytes(take);
    },
    resumeMessages: (rest) => {
      link.resumeMessages(rest);
    },
    pauseReading: () => {
      link.pauseReading();
    },
    resumeReading: () => {
      link.resumeReading();
    },
    close: () => {
      link.close();
    },
  };
}

/** For a link on which some messages are answered here: `answer` gives the answer, or nothing where the message goes its way. */
export function answeringLink(
  link: PeerLink,
  handler: PeerLinkHandler,
  answer: (message: QuorumMessage) => QuorumMessage | undefined,
): PeerLink {
  return tamperedLink(link, (message) => {
    const answered = answer(message);
    if (answered === undefined) return [message];
    handler.onMessage(answered);
    return [];
  });
}

/** A handler that gets frames which somebody has changed in place. */
export function tamperedHandler(handler: ClientHandler, change: (frame: Buffer) => void): ClientHandler {
  return {
    onFrame: (buffer, start, end) => {
      change(buffer.subarray(start, end));
      handler.onFrame(buffer, start, end);
    },
    onTurnEnd: () => {
      handler.onTurnEnd();
    },
    onEnded: () => {
      handler.onEnded();
    },
    onDrained: () => {
      handler.onDrained();
    },
    onClosed: () => {
      handler.onClosed();
    },
  };
}

/** A storage with other parts. */
export function tamperedStorage(
  storage: ReplicaStorage,
  parts: { readonly log?: TransactionLog; readonly openSnapshot?: ReplicaStorage['openSnapshot'] },
): ReplicaStorage {
  return {
    get log() {
      return parts.log ?? storage.log;
    },
    get store() {
      return storage.store;
    },
    get acceptedEpoch() {
      return storage.acceptedEpoch;
    },
    get currentEpoch() {
      return storage.currentEpoch;
    },
    storeEpochs: (acceptedEpoch, currentEpoch) => {
      storage.storeEpochs(acceptedEpoch, currentEpoch);
    },
    openSnapshot: parts.openSnapshot ?? (() => storage.openSnapshot()),
    receiveSnapshot: () => storage.receiveSnapshot(),
    install: () => storage.install(),
  };
}

/** Puts something in the place of a method that all members share, and returns how to take it away again. */
export function replaceMethod<Name extends PropertyKey, Method>(
  prototype: Record<Name, Method>,
  name: Name,
  replacement: NoInfer<Method>,
): () => void {
  const original = prototype[name];
  prototype[name] = replacement;
  return () => {
    prototype[name] = original;
  };
}

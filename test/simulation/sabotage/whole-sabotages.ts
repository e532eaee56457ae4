import { OpCode } from '@corral/model';
import { OutstandingChanges, Owned, WatchTable } from '@corral/znode';
import type { SimulatedTreeStore } from '../whole/simulated-tree-store.js';
import { OutgoingMemoryTree } from '../whole/snapshot-stream.js';
import type { Tamper } from '../whole/tamper.js';
import { childEventsLost, eventsAfterAnswers } from './tampered-frames.js';
import { answeringLink, replaceMethod, tamperedHandler, tamperedLink, tamperedStorage } from './tampered-member.js';

/** Where the zxid that a client has seen stands, behind a request's xid and type, or behind the version in a handshake. */
const SET_WATCHES_ZXID_OFFSET = 8;
const HANDSHAKE_ZXID_OFFSET = 4;
const FAR_FUTURE = 1n << 60n;

/** Every way in which a whole member is broken on purpose. */
export const wholeSabotages: readonly Tamper[] = [
  {
    name: 'answers before a quorum has it',
    link: (link, handler) =>
      tamperedLink(link, (message) => {
        if (message.kind === 'proposal') handler.onMessage({ kind: 'ack', zxid: message.zxid });
        return [message];
      }),
  },
  {
    name: 'answers before its disk has it',
    storage: (storage) => {
      const { log } = storage;
      return tamperedStorage(storage, {
        log: {
          get lastZxid() {
            return log.lastZxid;
          },
          append: (zxid, bytes) => {
            log.append(zxid, bytes);
          },
          sync: (done) => {
            done(undefined);
          },
          read: (after) => log.read(after),
          truncate: (zxid) => {
            log.truncate(zxid);
          },
          purge: (through) => {
            log.purge(through);
          },
        },
      });
    },
  },
  { name: 'tells of an event after the answer that shows it', toClient: eventsAfterAnswers },
  { name: 'loses the events about children', toClient: childEventsLost },
  {
    name: 'does not compare old watches with what has happened',
    handler: (handler) =>
      tamperedHandler(handler, (frame) => {
        if (frame.length < 16 || frame.readInt32BE(4) !== OpCode.setWatches) return;
        frame.writeBigInt64BE(FAR_FUTURE, SET_WATCHES_ZXID_OFFSET);
      }),
  },
  {
    name: 'reads before the same session has its write',
    code: () => {
      // The class of connections is nobody's business outside; every turn of one asks how large its watches are.
      let mend = (): void => undefined;
      const forget = replaceMethod(WatchTable.prototype, 'sizeBytesOf', (connection: object) => {
        mend();
        const prototype = Object.getPrototypeOf(connection) as object;
        const original = Object.getOwnPropertyDescriptor(prototype, 'outstandingRequests')!;
        Object.defineProperty(prototype, 'outstandingRequests', { get: () => 0, configurable: true });
        mend = () => {
          Object.defineProperty(prototype, 'outstandingRequests', original);
        };
        return 0;
      });
      return () => {
        forget();
        mend();
      };
    },
  },
  {
    name: 'serves a client that has seen more than its tree shows',
    handler: (handler) => {
      let isGreeted = false;
      return tamperedHandler(handler, (frame) => {
        if (!isGreeted) frame.writeBigInt64BE(0n, HANDSHAKE_ZXID_OFFSET);
        isGreeted = true;
      });
    },
  },
  {
    name: 'keeps the ephemerals of a session that has ended',
    code: () => replaceMethod(Owned.prototype, 'ofSession', () => new Set<string>()),
  },
  {
    name: 'takes up a session without asking the leader',
    link: (link, handler) =>
      answeringLink(link, handler, (message) =>
        message.kind === 'revalidate' ? { kind: 'revalidated', sessionId: message.sessionId, valid: true } : undefined,
      ),
  },
  {
    name: 'does not tell the leader whom it has heard',
    link: (link) =>
      tamperedLink(link, (message) =>
        message.kind === 'ping' && message.touches !== null ? [{ ...message, touches: [] }] : [message],
      ),
  },
  {
    name: 'sends a tree without its sessions',
    storage: (storage) =>
      tamperedStorage(storage, {
        openSnapshot: () => {
          const copy = (storage.store as SimulatedTreeStore).flushedCopy();
          for (const [id] of copy.sessions()) copy.removeSession(id);
          return new OutgoingMemoryTree(copy);
        },
      }),
  },
  {
    name: 'takes versions and sequence numbers from the tree, and not from what is proposed',
    code: () => replaceMethod(OutstandingChanges.prototype, 'get', () => undefined),
  },
  {
    name: 'answers a sync without asking the leader',
    link: (link, handler) =>
      answeringLink(link, handler, (message) =>
        message.kind === 'request' && message.type === OpCode.sync ? { kind: 'sync' } : undefined,
      ),
  },
  {
    name: 'passes a write on twice',
    link: (link) => {
      let requests = 0;
      return tamperedLink(link, (message) => {
        if (message.kind !== 'request' || message.type !== OpCode.setData) return [message];
        requests += 1;
        return requests % 5 === 0 ? [message, message] : [message];
      });
    },
  },
];

import { EventType } from '@corral/model';

const EVENT_XID = -1;
/** Behind the length and the header of a reply. */
const EVENT_TYPE_OFFSET = 20;
const CHILDREN_CHANGED: number = EventType.nodeChildrenChanged;

/** A chunk to a client, with its events behind its answers. The handshake has no xid; what stands there is a version, 0. */
export function eventsAfterAnswers(chunk: Buffer): Buffer {
  const frames = framesOf(chunk);
  return Buffer.concat([...frames.filter((frame) => !isEvent(frame)), ...frames.filter(isEvent)]);
}

/** A chunk to a client without its events about children. */
export function childEventsLost(chunk: Buffer): Buffer {
  return Buffer.concat(
    framesOf(chunk).filter((frame) => !isEvent(frame) || frame.readInt32BE(EVENT_TYPE_OFFSET) !== CHILDREN_CHANGED),
  );
}

function framesOf(chunk: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < chunk.length;) {
    const end = at + 4 + chunk.readInt32BE(at);
    frames.push(chunk.subarray(at, end));
    at = end;
  }
  return frames;
}

const isEvent = (frame: Buffer): boolean => frame.readInt32BE(4) === EVENT_XID;

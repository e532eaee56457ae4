import type { Zxid } from '@corral/primitives';
import type { LinkId, LearnerInfoMessage, QuorumMessage } from '@corral/zab';
import type { LearnerStream } from './learner-stream.js';
import type { PeerLink, PeerLinkHandler } from './ports.js';
import type { SnapshotIntake } from './snapshot-intake.js';

/** A connection on the quorum port, with what the member knows of it. */
export class OpenLink {
  readonly id: LinkId;
  readonly peer: PeerLink;
  readonly handler: PeerLinkHandler;
  /** Who the learner is, once it has said so. */
  info: LearnerInfoMessage | undefined;
  /** The newest transaction that the learner has acknowledged. */
  ackedZxid = 0 as Zxid;
  /** The learner has taken on the leader's history. */
  isSynced = false;
  /** Sends the learner what it does not have. */
  stream: LearnerStream | undefined;
  /** Takes the leader's tree. */
  intake: SnapshotIntake | undefined;
  /** As the leader has announced its tree. */
  snapshotZxid: Zxid | undefined;

  constructor(id: LinkId, open: (handler: PeerLinkHandler) => PeerLink, handler: PeerLinkHandler) {
    this.id = id;
    this.handler = handler;
    this.peer = open(handler);
  }

  /** For log lines. */
  get name(): string {
    const serverId = this.info?.learner?.serverId;
    return serverId === undefined ? this.peer.remote : `${String(serverId)} at ${this.peer.remote}`;
  }

  /** Remembers what reports and streams need of a message that came. */
  note(message: QuorumMessage): void {
    switch (message.kind) {
      case 'ack':
        this.ackedZxid = message.zxid;
        this.isSynced = true;
        return;
      case 'follower-info':
      case 'observer-info':
        this.info = message;
        return;
      case 'snap':
        this.snapshotZxid = message.zxid;
        return;
      default:
    }
  }

  /** Sends a message, behind a stream if there is one. */
  append(message: QuorumMessage): void {
    if (this.stream === undefined) this.peer.append(message);
    else this.stream.append(message);
  }

  flush(): void {
    this.peer.flush();
  }

  close(): void {
    this.peer.close();
  }
}

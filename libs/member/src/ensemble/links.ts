import type { Zxid } from '@corral/primitives';
import type { LinkId, QuorumMessage } from '@corral/zab';
import { OpenLink } from './open-link.js';
import type { PeerLink, PeerLinkHandler } from './ports.js';

/** What happens on any link. */
export interface LinksPorts {
  readonly received: (link: OpenLink, message: QuorumMessage) => void;
  readonly turnEnd: () => void;
  readonly lost: (link: OpenLink, fault: string | undefined) => void;
  /** A link is gone, whoever has closed it. */
  readonly forgotten: (id: LinkId) => void;
}

/** The connections on the quorum port. What a turn appends to them leaves with one write each. */
export class Links {
  readonly #ports: LinksPorts;
  readonly #byId = new Map<LinkId, OpenLink>();
  readonly #toFlush = new Set<OpenLink>();
  #nextId = 1;
  /** The one to the leader: of several connections to it, that on which it has said that it leads. The others are closed again. */
  leader: OpenLink | undefined;

  constructor(ports: LinksPorts) {
    this.#ports = ports;
  }

  get(id: LinkId): OpenLink | undefined {
    return this.#byId.get(id);
  }

  has(link: OpenLink): boolean {
    return this.#byId.has(link.id);
  }

  all(): OpenLink[] {
    return [...this.#byId.values()];
  }

  /** Those to learners. */
  learners(): OpenLink[] {
    return this.all().filter((link) => link.info !== undefined);
  }

  /** Takes a new connection in. */
  register(open: (handler: PeerLinkHandler) => PeerLink): OpenLink {
    const id = this.#nextId as LinkId;
    this.#nextId += 1;
    const { lost, received, turnEnd } = this.#ports;
    const link = new OpenLink(id, open, {
      onMessage: (message) => {
        if (message.kind === 'leader-info') this.leader = link;
        received(link, message);
      },
      onTurnEnd: turnEnd,
      onDrained: () => {
        link.stream?.pump();
      },
      onClosed: (fault) => {
        lost(link, fault);
      },
    });
    this.#byId.set(id, link);
    return link;
  }

  append(link: OpenLink, message: QuorumMessage): void {
    link.append(message);
    this.#toFlush.add(link);
  }

  /** Says something to a learner that the replica has no part in, behind all that is on its way there. */
  sendTo(id: LinkId, message: QuorumMessage): void {
    const link = this.#byId.get(id);
    if (link === undefined) return;
    this.append(link, message);
    this.#ports.turnEnd();
  }

  /** Says something to the leader. Lost without one, as everything that waits for its answer then is. */
  sendToLeader(message: QuorumMessage): void {
    if (this.leader !== undefined) this.sendTo(this.leader.id, message);
  }

  flush(): void {
    for (const link of this.#toFlush) link.flush();
    this.#toFlush.clear();
  }

  /** Knows the link no longer; streams over it stop. */
  forget(link: OpenLink): void {
    this.#byId.delete(link.id);
    this.#toFlush.delete(link);
    link.stream?.abandon();
    link.intake?.abandon();
    if (this.leader === link) this.leader = undefined;
    this.#ports.forgotten(link.id);
  }

  /** Up to here nobody is being sent what the log has. */
  get sentThrough(): Zxid {
    let through = Infinity;
    for (const { stream } of this.#byId.values())
      if (stream !== undefined) through = Math.min(through, stream.position);
    return through as Zxid;
  }

  closeAll(): void {
    for (const link of this.all()) {
      this.forget(link);
      link.close();
    }
  }
}

import type { LinkId } from '../link.js';
import { Features } from '../messages.js';
import type { Learner } from '../roles/learner.js';

/** The links of a kind each, so that what goes to many is one effect. The lists are made anew on a change and never changed. */
export class Audience {
  /** Get proposals. */
  followers: readonly LinkId[] = [];
  /** Get one commit for each transaction. */
  plainFollowers: readonly LinkId[] = [];
  /** Get one commit for many. */
  cumulativeFollowers: readonly LinkId[] = [];
  /** Get what is committed. */
  observers: readonly LinkId[] = [];

  update(learners: Iterable<Learner>): void {
    const reached = [...learners].filter((learner) => learner.isReached);
    const linksOf = (wanted: (learner: Learner) => boolean): LinkId[] => reached.filter(wanted).map(({ link }) => link);
    this.followers = linksOf((learner) => learner.isFollower);
    this.plainFollowers = linksOf((learner) => learner.isFollower && !learner.can(Features.cumulative));
    this.cumulativeFollowers = linksOf((learner) => learner.isFollower && learner.can(Features.cumulative));
    this.observers = linksOf((learner) => !learner.isFollower);
  }
}

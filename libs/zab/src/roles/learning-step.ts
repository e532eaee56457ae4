/** Where a learner is on its way to serving. */
export type LearningStep =
  | 'connecting'
  /** It has said who it is, and waits for the epoch. */
  | 'greeting'
  /** The epoch is on its way to this member's disk. */
  | 'accepting'
  /** It waits to hear how it gets to the leader's history. */
  | 'planning'
  /** A tree is on its way. */
  | 'installing'
  /** Transactions come in. */
  | 'catching-up'
  /** It has the leader's history, and the disk has not said so yet. */
  | 'settling'
  /** It has said that it has the history, and waits for the leader to begin. */
  | 'ready'
  | 'serving';

/**
 * A connection on the quorum port, named by the shell. A number is used once: after a link has closed nothing is said about it any
 * more, and what was still to be sent on it is dropped.
 */
export type LinkId = number & { readonly __brand: 'LinkId' };

/** The permissions of an ACL entry, to be or-ed together. The numbers are ZooKeeper's (ZooDefs.Perms). */
export const Perms = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

/** One entry of an access control list: who (`id` within `scheme`) may do what. */
export interface Acl {
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

/** An identity that a connection has proved, or that an ACL names. */
export interface Identity {
  readonly scheme: string;
  readonly id: string;
}

/** Everybody may do everything: what nearly every znode carries. One shared object, compared by reference on the hot path. */
export const OPEN_ACL: readonly Acl[] = Object.freeze([
  Object.freeze({ perms: Perms.all, scheme: 'world', id: 'anyone' }),
]);

/** Everybody may read. What the system's own znodes carry. */
export const READ_ACL: readonly Acl[] = Object.freeze([
  Object.freeze({ perms: Perms.read, scheme: 'world', id: 'anyone' }),
]);

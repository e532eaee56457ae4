import type { Acl } from '@corral/model';

/** How a record keeps its ACL: the port that `libs/wire` implements, since the bytes are those of the wire. */
export interface AclCodec {
  /** Empty for the open ACL. */
  encode(acl: readonly Acl[]): Uint8Array;
  decode(bytes: Uint8Array): readonly Acl[];
}

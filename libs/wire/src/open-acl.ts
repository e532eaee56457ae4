/**
 * The ACL vector of world:anyone:all as it stands on the wire. Nearly every create carries exactly these bytes, so they are
 * recognised and written as a whole.
 */
export const OPEN_ACL_BYTES: Buffer = Buffer.from(
  [
    '00000001', // one entry
    '0000001f', // all permissions
    '00000005776f726c64', // world
    '00000006616e796f6e65', // anyone
  ].join(''),
  'hex',
);

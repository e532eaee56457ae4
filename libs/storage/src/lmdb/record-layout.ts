/*
 * Where the fields of a record are, for those here that take records apart and put them together byte by byte. The layout is znode's: its
 * record.ts describes it.
 */

export const CREATES_AT = 0;
export const OWNER_AT = 4;
export const OWNER_BYTES = 8;
export const DATA_LENGTH_AT = 12;
export const DATA_AT = 16;

// From where the stat begins.
export const CZXID = 0;
export const MZXID = 8;
export const CTIME = 16;
export const MTIME = 24;
export const VERSION = 32;
export const CVERSION = 36;
export const AVERSION = 40;
export const VISIBLE_OWNER = 44;
export const DATA_LENGTH = 52;
export const NUM_CHILDREN = 56;
export const PZXID = 60;

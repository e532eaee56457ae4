/**
 * Since 3.6 a transaction may end in a digest of the tree as it is afterwards: the digest's version and 64 bits.
 * It is optional, we do not write it, and reading skips it.
 */
export const TRANSACTION_DIGEST_SIZE_BYTES = 12;

/** The version of digest that all releases so far compute. */
export const TRANSACTION_DIGEST_VERSION = 2;

import { fileURLToPath } from 'node:url';

/** Where the .proto files are. */
export const PROTO_ROOT = fileURLToPath(new URL('../../proto', import.meta.url));

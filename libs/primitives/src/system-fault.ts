/** What the operating system refused, for programs and for people. */

/** The system's name of an error (`ENOSPC`), when it has one. Asks for the field and not for the class, which a test's realm has of its own. */
export function errorCodeOf(error: unknown): string | undefined {
  if (error === null || typeof error !== 'object' || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Where the system says that it went wrong. */
interface Place {
  readonly port?: number;
  readonly address?: string;
  readonly hostname?: string;
  readonly path?: string;
}

/**
 * A sentence about an error of the operating system: `127.0.0.1:2181 is taken: another program listens there`. `place` is named where the
 * error names none. `undefined`: not an error that a person can do something about.
 */
export function systemFaultInWords(error: unknown, place: string): string | undefined {
  const code = errorCodeOf(error);
  return code === undefined ? undefined : sentenceFor(code, placeOf(error as Place) ?? place);
}

function placeOf({ port, address = '', hostname, path }: Place): string | undefined {
  if (port === undefined) return path ?? hostname;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function sentenceFor(code: string, where: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is taken: another program listens there`;
    case 'EADDRNOTAVAIL':
      return `${where} is not an address of this machine`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where}: the host name has no address`;
    case 'EACCES':
    case 'EPERM':
      return `${where}: permission denied`;
    case 'ENOENT':
      return `${where} does not exist`;
    case 'ENOTDIR':
      return `${where} is not a directory`;
    case 'EEXIST':
      return `${where} exists already`;
    case 'EISDIR':
      return `${where} is a directory`;
    case 'ENOSPC':
      return `${where}: no space left on the disk`;
    case 'EROFS':
      return `${where}: the file system is read-only`;
    default:
      return undefined;
  }
}

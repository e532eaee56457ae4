/** The system's name of an error (`ENOSPC`), when it has one. Asks for the field and not for the class, which a test's realm has of its own. */
export function errorCodeOf(error: unknown): string | undefined {
  if (error === null || typeof error !== 'object' || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

import type { SessionPasswords } from '@corral/member';
import type { SessionId } from '@corral/primitives';

/** Sixteen bytes that every member derives alike, and anybody could guess. */
export class GuessablePasswords implements SessionPasswords {
  issue(id: SessionId): Buffer {
    const password = Buffer.alloc(16, 7);
    password.writeBigInt64BE(id);
    return password;
  }

  matches(id: SessionId, password: Uint8Array): boolean {
    return this.issue(id).equals(password);
  }
}

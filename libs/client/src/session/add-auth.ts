import { checkCredential } from '../check-option.js';
import type { Credential } from './credentials.js';
import type { SessionDriver } from './session-driver.js';

/** Proves an identity, and rejects when the server refuses it. */
export function addAuth(driver: SessionDriver, credential: Credential): Promise<void> {
  return new Promise((resolve, reject) => {
    checkCredential('credential', credential);
    const refusal = driver.refusal('addAuth');
    if (refusal !== undefined) {
      reject(refusal);
      return;
    }
    driver.authenticate(credential, (error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

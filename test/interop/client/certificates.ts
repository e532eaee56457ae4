/** Real certificates for a test, made by OpenSSL. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Requirement } from '../harness/requirements.js';

/** Needs the `openssl` command. */
export const needsOpenssl: Requirement = () => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'openssl is missing (Debian: apt-get install openssl)';
  }
};

/** A private key and its certificate, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority of its own, in a directory. */
export class Authority {
  readonly #directory: string;

  /** Makes the authority's key and certificate. */
  constructor(directory: string) {
    mkdirSync(directory);
    this.#directory = directory;
    this.#openssl(
      'req',
      '-x509',
      ...this.#newKey('ca'),
      '-subj',
      '/CN=a test authority',
      '-days',
      '2',
      '-out',
      'ca.pem',
    );
  }

  /** Its certificate, for those who trust it. */
  get cert(): string {
    return this.#read('ca.pem');
  }

  /** A certificate for a host, such as `DNS:localhost` or `IP:127.0.0.1`. */
  issue(altName: string): Certificate {
    this.#openssl('req', ...this.#newKey('issued'), '-subj', '/CN=a test', '-out', 'issued.csr');
    writeFileSync(join(this.#directory, 'issued.ext'), `subjectAltName=${altName}\n`);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'issued.ext'];
    this.#openssl('x509', '-req', '-in', 'issued.csr', ...signing, '-out', 'issued.pem');
    return { key: this.#read('issued.key'), cert: this.#read('issued.pem') };
  }

  #newKey(name: string): string[] {
    return ['-newkey', 'rsa:2048', '-noenc', '-keyout', `${name}.key`];
  }

  #read(file: string): string {
    return readFileSync(join(this.#directory, file), 'utf8');
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#directory, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

/** Gates of gradual releases that a test opens and closes: a server that platforms ask, and the file that tells them where it is. */
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a gate says; an `undecided` one cuts the connection. */
export type GateSays = 'pass' | 'fail' | 'undecided';

/** Named gates, each undecided until the test says otherwise. */
export class SwitchedGates {
  readonly #says = new Map<string, GateSays>();
  readonly #server = createServer((request, response) => {
    const says = this.#says.get(request.url?.slice(1) ?? '');
    if (says === 'pass') response.writeHead(204).end();
    else if (says === 'fail') response.writeHead(503).end();
    else request.destroy();
  });

  /** Begins to listen. @returns a platform's configuration file with these gates */
  async open(...names: string[]): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    const lines = names.map((name) => `    ${name}: { kind: http, url: "http://127.0.0.1:${port}/${name}" }\n`);
    const file = join(mkdtempSync(join(tmpdir(), 'corral-gates-')), 'platform.yaml');
    writeFileSync(file, `platform:\n  gates:\n${lines.join('')}`);
    return file;
  }

  say(name: string, says: GateSays): void {
    this.#says.set(name, says);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

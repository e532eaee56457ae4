/** Replaces what differs between any two runs (zxids, times, session ids) by what it relates to. */

const HOUR_MS = 3_600_000n;

/** Names for the numbers of one run; two servers that behave alike give equal values the same names. */
export class Naming {
  readonly #zxids = new Map<bigint, string>();
  readonly #sessions = new Map<bigint, string>();
  #latestZxid: bigint;

  /** `startZxid` is the newest zxid before the scenario. */
  constructor(startZxid: bigint) {
    this.#latestZxid = startZxid;
    this.startZxid = startZxid;
  }

  readonly startZxid: bigint;

  /** The newest zxid seen in any reply. */
  get latestZxid(): bigint {
    return this.#latestZxid;
  }

  /** From here on this zxid is called after the step that got it. */
  nameZxid(zxid: bigint, step: string): void {
    if (zxid > this.startZxid && !this.#zxids.has(zxid)) this.#zxids.set(zxid, `zxid of ${step}`);
  }

  nameSession(sessionId: bigint, name: string): void {
    if (sessionId !== 0n) this.#sessions.set(sessionId, `session ${name}`);
  }

  /** What the zxid in a reply's header says, as far as it is the same on every server. */
  headerZxid(zxid: bigint): string {
    if (zxid <= 0n) return String(zxid);
    const behind = zxid < this.#latestZxid;
    if (!behind) this.#latestZxid = zxid;
    return behind ? 'behind an earlier reply' : 'current';
  }

  zxid(zxid: bigint): string {
    if (zxid <= 0n) return String(zxid);
    return this.#zxids.get(zxid) ?? (zxid <= this.startZxid ? 'before the scenario' : 'of no step');
  }

  session(sessionId: bigint): string {
    if (sessionId === 0n) return '0';
    const unsigned = BigInt.asUintN(64, sessionId).toString(16);
    return this.#sessions.get(sessionId) ?? `0x${unsigned}`;
  }

  /** Session ids inside a text, as four-letter commands print them. */
  inText(text: string): string {
    return text.replace(
      /0x[0-9a-f]{14,16}\b/g,
      (hex) => this.#sessions.get(BigInt.asIntN(64, BigInt(hex))) ?? 'SESSION',
    );
  }

  /** A copy of decoded fields with every such number replaced. */
  value(value: unknown, key = ''): unknown {
    if (typeof value === 'bigint') return this.#number(value, key);
    if (Array.isArray(value)) return value.map((item) => this.value(item, key));
    if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.value(item, name)]));
  }

  #number(value: bigint, key: string): string {
    if (key.endsWith('zxid')) return this.zxid(value);
    if (key === 'ephemeralOwner' || key === 'sessionId') return this.session(value);
    if (key === 'ctime' || key === 'mtime') return isNow(value) ? 'now' : String(value);
    return String(value);
  }
}

function isNow(timeMs: bigint): boolean {
  const now = BigInt(Date.now());
  return timeMs > now - HOUR_MS && timeMs < now + HOUR_MS;
}

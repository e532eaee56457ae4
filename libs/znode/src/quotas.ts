import { parentPath } from '@corral/model';

/*
 * Quotas as ZooKeeper keeps them: for a path /a/b, the znode /zookeeper/quota/a/b/zookeeper_limits says what is allowed and
 * .../zookeeper_stats what is there. Both are text: `count=5,bytes=-1`, and with hard limits
 * `count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=7`. -1 means no limit.
 */

export const QUOTA_ROOT = '/zookeeper/quota';
export const LIMITS_NODE = 'zookeeper_limits';
export const STATS_NODE = 'zookeeper_stats';

export const limitsPath = (path: string): string => `${QUOTA_ROOT}${path}/${LIMITS_NODE}`;
export const statsPath = (path: string): string => `${QUOTA_ROOT}${path}/${STATS_NODE}`;

/** What a limits or stats znode says. */
export class QuotaFigures {
  readonly #values: Map<string, number>;

  private constructor(values: Map<string, number>) {
    this.#values = values;
  }

  /** Nothing when the text is not readable. No text at all is: it limits nothing. */
  static parse(data: Uint8Array | null): QuotaFigures | undefined {
    if (data === null) return undefined;
    const values = new Map<string, number>();
    const text = asciiOf(data);
    for (const pair of text === '' ? [] : text.split(/[,;]+/u)) {
      const match = /^([^=]+)=([+-]?\d{1,15})=?$/u.exec(pair);
      if (match === null) return undefined;
      values.set(match[1]!, Number(match[2]));
    }
    return new QuotaFigures(values);
  }

  static of(count: number, bytes: number): QuotaFigures {
    return new QuotaFigures(new Map([['count', count], ['bytes', bytes]])); // prettier-ignore
  }

  get count(): number {
    return this.#value('count');
  }

  get bytes(): number {
    return this.#value('bytes');
  }

  get countHardLimit(): number {
    return this.#value('countHardLimit');
  }

  get bytesHardLimit(): number {
    return this.#value('byteHardLimit');
  }

  #value(key: string): number {
    return this.#values.get(key) ?? -1;
  }

  /** The figures with so much more (or less). */
  plus(count: number, bytes: number): QuotaFigures {
    const values = new Map(this.#values);
    values.set('count', this.count + count);
    values.set('bytes', this.bytes + bytes);
    return new QuotaFigures(values);
  }

  encode(): Uint8Array {
    const others = [...this.#values.keys()].filter((key) => key !== 'count' && key !== 'bytes').sort();
    const tail = others.length === 0 ? '' : `=${others.map((key) => `;${key}=${String(this.#value(key))}`).join('')}`;
    return bytesOf(`count=${String(this.count)},bytes=${String(this.bytes)}${tail}`);
  }
}

/** The paths that have a quota. Nearly always empty, and then it costs a request one comparison. */
export class QuotaPaths {
  readonly #paths = new Set<string>();

  add(path: string): void {
    this.#paths.add(path);
  }

  delete(path: string): void {
    this.#paths.delete(path);
  }

  /** The nearest path at or above this one that has a quota. */
  covering(path: string): string | undefined {
    if (this.#paths.size === 0) return undefined;
    for (let at = path; at !== '' && at !== '/'; at = parentPath(at)) {
      if (this.#paths.has(at)) return at;
    }
    return undefined;
  }
}

function asciiOf(data: Uint8Array): string {
  return String.fromCharCode(...data.subarray(0, 4096));
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

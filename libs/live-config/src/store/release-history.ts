import { diffDocuments, type ReleaseDiff } from '../diff/documents.js';
import type { ConfigClient } from '../ensemble/client-port.js';
import { childrenOf } from '../ensemble/parents.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import { InvalidInputError } from '../errors.js';
import { describeRecord } from '../layout/record.js';
import type { Scope } from '../names.js';
import { readDocuments } from './levels.js';
import type { CallOptions, ReleaseInfo } from './types.js';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 1000;

/** Which part of the history is asked for. */
export interface HistoryOptions extends CallOptions {
  /** At most so many, newest first. 50 by default. */
  readonly limit?: number;
  /** Only releases before this one: to read on where the last page ended. */
  readonly before?: number;
}

/** The releases that are kept: who, when, why, and what differs between them. */
export class ReleaseHistory {
  readonly #client: ConfigClient;
  readonly #reader: ScopeReader;

  constructor(client: ConfigClient, reader: ScopeReader) {
    this.#client = client;
    this.#reader = reader;
  }

  /** Newest first. One that is being rolled out, or was rolled back, is among them. */
  async list(scope: Scope, { limit = LIMIT_DEFAULT, before, signal }: HistoryOptions): Promise<ReleaseInfo[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
      throw new InvalidInputError('limit', `must be a whole number from 1 to ${LIMIT_MAX}`);
    }
    if (before !== undefined) checkRelease('before', before);
    const names = await childrenOf(this.#client, this.#reader.paths(scope).releases, signal);
    const numbers = names.map(Number).filter((release) => before === undefined || release < before);
    const newest = numbers.sort((a, b) => b - a).slice(0, limit);
    const records = await Promise.all(newest.map((release) => this.#reader.recordIfAny(scope, release, signal)));
    // Absent: it went over the retention between the list and the look.
    return records.flatMap((record) => (record === undefined ? [] : [describeRecord(record)]));
  }

  /** @throws NotFoundError */
  async release(scope: Scope, release: number, signal?: AbortSignal): Promise<ReleaseInfo> {
    checkRelease('release', release);
    return describeRecord(await this.#reader.recordOf(scope, release, signal));
  }

  /** @throws NotFoundError when one of the releases is not kept any more */
  async diff(scope: Scope, from: number, to: number, signal?: AbortSignal): Promise<ReleaseDiff> {
    checkRelease('from', from);
    checkRelease('to', to);
    const [before, after] = await Promise.all(
      [from, to].map(async (release) => {
        const record = await this.#reader.recordOf(scope, release, signal);
        return readDocuments(this.#reader, scope, record, { signal });
      }),
    );
    return { from, to, documents: diffDocuments(before!, after!) };
  }
}

/** A number that a release can have; 0 is before the first. @throws InvalidInputError */
export function checkRelease(field: string, release: number): number {
  if (!Number.isSafeInteger(release) || release < 0)
    throw new InvalidInputError(field, 'must be a whole number, 0 or more');
  return release;
}

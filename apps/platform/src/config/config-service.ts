import {
  type ConfigStore,
  type DocumentChange,
  type HostedSubscribers,
  type ReleaseResult,
  type RolloutSpec,
  type Scope,
  type StageSpec,
} from '@corral/live-config';
import type { Ensemble } from '../ensemble/ensemble.js';
import { type Caller, EVERYBODY } from '../security/access.js';
import type { ChangeDto, PublishDto } from './dto/publish.dto.js';
import type { ReleaseNoteDto } from './dto/release-note.dto.js';
import type { RollbackDto } from './dto/rollback.dto.js';
import type { RolloutDto, StageDto } from './dto/rollout.dto.js';
import type { SchemaDto } from './dto/schema.dto.js';
import type { WaitDto } from './dto/wait.dto.js';

/** Releases, as callers ask for them: input turned into what the store takes, with an author and a deadline. */
export class ConfigService {
  readonly store: ConfigStore;
  /** Subscribers that have no session of their own. */
  readonly hosted: HostedSubscribers;
  readonly #ensemble: Ensemble;

  constructor(store: ConfigStore, hosted: HostedSubscribers, ensemble: Ensemble) {
    this.store = store;
    this.hosted = hosted;
    this.#ensemble = ensemble;
  }

  publish(scope: Scope, input: PublishDto, caller: Caller): Promise<ReleaseResult> {
    const { changes, rollout } = input;
    const request = { scope, changes: changes.map(changeOf), ...noteOf(input, caller), rollout: rolloutOf(rollout) };
    return this.store.publish(request, this.#options(input.wait));
  }

  rollback(scope: Scope, release: number, input: RollbackDto, caller: Caller): Promise<ReleaseResult> {
    const options = { ...noteOf(input, caller), rollout: rolloutOf(input.rollout), ...this.#options(input.wait) };
    return this.store.rollback(scope, release, options);
  }

  setSchema(scope: Scope, name: string, input: SchemaDto, caller: Caller): Promise<ReleaseResult> {
    return this.store.setSchema(scope, name, input.schema, { ...noteOf(input, caller), ...this.#options(undefined) });
  }

  removeSchema(scope: Scope, name: string, caller: Caller): Promise<ReleaseResult> {
    return this.store.setSchema(scope, name, undefined, {
      author: authorOf(undefined, caller),
      ...this.#options(undefined),
    });
  }

  #options(wait: WaitDto | undefined): { wait: WaitDto | undefined; signal: AbortSignal } {
    return { wait, signal: this.#ensemble.deadline(RELEASE_MS_MAX + (wait?.timeoutMs ?? 0)) };
  }
}

/** A release reads, validates and writes; the ensemble gets this long for all of it. */
const RELEASE_MS_MAX = 10_000;

function changeOf({ profile, name, format, content, encrypted, delete: isDeleted }: ChangeDto): DocumentChange {
  const key = profile === undefined ? { name } : { profile, name };
  if (isDeleted === true || format === undefined || content === undefined) return { ...key, delete: true };
  return { ...key, format, content, encrypted };
}

function rolloutOf(rollout: RolloutDto | undefined): RolloutSpec | undefined {
  return rollout === undefined ? undefined : { stages: rollout.stages.map(stageOf) };
}

function stageOf({ name, select: { labels, percent }, soakMs, gate, gateTimeoutMs, promote }: StageDto): StageSpec {
  // The input was checked to name one of the two; a percentage of nobody cannot come about.
  const select = labels === undefined ? { percent: percent ?? 0 } : { labels };
  return { name, select, soakMs, gate, gateTimeoutMs, promote };
}

function noteOf({ author, comment, expectedRelease }: ReleaseNoteDto, caller: Caller) {
  return { author: authorOf(author, caller), comment, expectedRelease };
}

/** Where tokens are shown, history names the token; what the caller says of himself stands beside it. */
export function authorOf(author: string | undefined, caller: Caller): string {
  if (caller === EVERYBODY) return author ?? caller.name;
  return author === undefined || author === caller.name ? caller.name : `${author} (${caller.name})`;
}

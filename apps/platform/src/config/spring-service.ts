import { type ConfigStore, type Scope, SpringImport, SpringView, type SpringWriteResult } from '@corral/live-config';
import type { PlatformConfig } from '../configuration/load-platform-configuration.js';
import type { Ensemble } from '../ensemble/ensemble.js';
import { ProblemError } from '../errors/problem.js';
import { DEFAULTS } from '../input/names.js';
import type { Caller } from '../security/access.js';
import type { SpringState, SpringStates, SpringTakeover } from './answers/spring.answers.js';
import { authorOf } from './config-service.js';
import type { SpringImportDto } from './dto/spring-import.dto.js';

/** All applications of a namespace are looked at or taken over in this time. */
const ANSWER_MS_MAX = 60_000;

/** Spring Cloud Zookeeper's layout of the one namespace that is kept written there: how it stands, and taking over what it holds. */
export class SpringService {
  readonly #config: PlatformConfig;
  readonly #ensemble: Ensemble;
  readonly #store: ConfigStore;
  readonly #view: SpringView;
  readonly #import: SpringImport;

  constructor(config: PlatformConfig, ensemble: Ensemble, store: ConfigStore) {
    const { springRoot: root, configRoot } = config;
    this.#config = config;
    this.#ensemble = ensemble;
    this.#store = store;
    this.#view = new SpringView(ensemble.client, store, { root, configRoot });
    this.#import = new SpringImport(ensemble.client, store, { root });
  }

  /** How every application stands. @throws ProblemError when the namespace is not kept written */
  async state(namespace: string): Promise<SpringStates> {
    this.#check(namespace);
    const signal = this.#ensemble.deadline(ANSWER_MS_MAX);
    const names = await this.#store.listApplications(namespace, { signal });
    const applications: SpringState[] = [];
    for (const scope of [{ namespace }, ...names.map((application) => ({ namespace, application }))]) {
      const result = await this.#view.write(scope, { dryRun: true, decrypt: this.#config.springDecrypt, signal });
      if (result.release > 0) applications.push(stateOf(scope, result));
    }
    return { root: this.#config.springRoot, applications };
  }

  /** Makes releases of what stands in the layout. @throws ProblemError when the namespace is not kept written */
  async take(
    namespace: string,
    { applications: names, defaults, document, author, comment }: SpringImportDto,
    caller: Caller,
  ): Promise<SpringTakeover> {
    this.#check(namespace);
    const named = names?.map((application): Scope => ({ namespace, application }));
    const { applications, skipped } = await this.#import.run(namespace, {
      scopes: named === undefined || defaults !== true ? named : [{ namespace }, ...named],
      document,
      author: authorOf(author, caller),
      comment,
      signal: this.#ensemble.deadline(ANSWER_MS_MAX),
    });
    return {
      applications: applications.map(({ scope, ...taken }) => ({ application: nameOf(scope), ...taken })),
      skipped: Object.fromEntries(skipped),
    };
  }

  #check(namespace: string): void {
    const { springNamespace } = this.#config;
    if (springNamespace === namespace) return;
    const kept = springNamespace === undefined ? 'it names none here' : `it names ${springNamespace} here`;
    throw new ProblemError(
      'not-found',
      `only the namespace of the setting platform.spring.namespace is in Spring's layout; ${kept}`,
    );
  }
}

function stateOf(scope: Scope, { release, contexts, changes, skipped, refused }: SpringWriteResult): SpringState {
  return {
    application: nameOf(scope),
    release,
    contexts,
    pending: changes,
    skipped: Object.fromEntries(skipped),
    refused: Object.fromEntries(refused),
  };
}

function nameOf({ application }: Scope): string {
  return application ?? DEFAULTS;
}

/** One thing that is wrong with the platform's configuration. */
export interface ConfigurationProblem {
  /** Where it is written: a file, a file and a line, or `environment`. */
  readonly place: string;
  /** As it is written there; empty when the problem is the file as a whole. */
  readonly key: string;
  /** A sentence that names the value and what is allowed. */
  readonly sentence: string;
}

/** The platform cannot start with this configuration. Its message has a line for every problem, not only for the first. */
export class PlatformConfigurationError extends Error {
  override readonly name = 'PlatformConfigurationError';

  constructor(
    readonly problems: readonly ConfigurationProblem[],
    options?: ErrorOptions,
  ) {
    super(problems.map(describeProblem).join('\n'), options);
  }
}

function describeProblem({ place, key, sentence }: ConfigurationProblem): string {
  return key === '' ? `${place}: ${sentence}` : `${place}: ${key}: ${sentence}`;
}

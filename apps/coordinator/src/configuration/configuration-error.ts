/** One thing that is wrong with a configuration file. */
export interface ConfigurationProblem {
  /** As the file writes it; empty when the problem is the file as a whole. */
  readonly key: string;
  /** Counts from 1. */
  readonly line: number | undefined;
  /** A sentence that names the value and what is allowed. */
  readonly sentence: string;
}

/** The configuration cannot be used. Its message has a line for every problem, not only for the first. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly file: string,
    readonly problems: readonly ConfigurationProblem[],
    options?: ErrorOptions,
  ) {
    super(problems.map((problem) => describeProblem(file, problem)).join('\n'), options);
  }
}

function describeProblem(file: string, { key, line, sentence }: ConfigurationProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return key === '' ? `${place}: ${sentence}` : `${place}: ${key}: ${sentence}`;
}

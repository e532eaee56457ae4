import type { ConfigurationProblem } from './configuration-error.js';
import type { Ensemble } from './ensemble-lines.js';

/** A value that a file gives to a setting. */
export interface FileValue {
  /** The setting's property. */
  readonly property: string;
  readonly value: unknown;
  /** As the file writes it. */
  readonly key: string;
  readonly line: number | undefined;
}

/** Something that the start should say about the file. */
export interface ConfigurationRemark {
  readonly level: 'warn' | 'debug';
  readonly sentence: string;
}

/** What a file says, before it is validated. */
export interface FileValues {
  readonly file: string;
  readonly values: readonly FileValue[];
  readonly problems: readonly ConfigurationProblem[];
  readonly remarks: readonly ConfigurationRemark[];
  readonly ensemble: Ensemble;
}

import type { DocumentFormat, ConfigTree, ConfigValue, EffectiveConfig } from '@corral/live-config';

/** An effective configuration as JSON shows it. */
export interface EffectiveDocument {
  /** Says which release of the application and of the namespace's defaults this is. */
  readonly revision: string;
  readonly release: number;
  readonly defaultsRelease: number;
  readonly values: ConfigTree;
  readonly documents: readonly {
    readonly name: string;
    readonly format: DocumentFormat;
    readonly content: string;
    readonly value: ConfigValue;
  }[];
}

/** The document for a configuration. */
export function effectiveDocument({ release, defaultsRelease, values, documents }: EffectiveConfig): EffectiveDocument {
  const list = [...documents.values()].map(({ name, format, content, value }) => ({ name, format, content, value }));
  return { revision: `${release}.${defaultsRelease}`, release, defaultsRelease, values, documents: list };
}

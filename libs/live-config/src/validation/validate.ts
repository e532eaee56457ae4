import type { EffectiveConfig } from '../documents.js';
import { mergeLevels, type LevelDocument } from '../effective.js';
import { ValidationError, type ValidationIssue } from '../errors.js';
import { limits } from '../limits.js';
import type { CompiledSchema } from './json-schema.js';
import type { ConfigValidator } from './validator.js';

/** The schema of the merged tree; any other name is a document's. */
export const APPLICATION_SCHEMA = '*';

/** A release that has not been written yet, and what it is checked with. */
export interface Proposal {
  readonly release: number;
  readonly defaultsRelease: number;
  /** From the weakest scope to the strongest, in the clear. */
  readonly scopes: readonly (readonly LevelDocument[])[];
  readonly schemas: ReadonlyMap<string, CompiledSchema>;
  readonly validators: readonly ConfigValidator[];
  /** The combinations of profiles that somebody uses or could use. */
  readonly profileSets: readonly (readonly string[])[];
}

/** Checks what every known combination of profiles would see. @throws ValidationError with all that is wrong, up to a bound. */
export function validateProposal(proposal: Proposal): void {
  const issues: ValidationIssue[] = [];
  for (const profiles of proposal.profileSets) {
    issues.push(...issuesOf(proposal, profiles));
    if (issues.length >= limits.issuesMax) break;
  }
  if (issues.length > 0) throw new ValidationError(issues.slice(0, limits.issuesMax));
}

function issuesOf(proposal: Proposal, profiles: readonly string[]): ValidationIssue[] {
  const { release, defaultsRelease, scopes, schemas, validators } = proposal;
  const { documents, values } = mergeLevels(scopes, profiles);
  const issues: ValidationIssue[] = [];
  for (const [name, schema] of schemas) {
    const value = name === APPLICATION_SCHEMA ? values : documents.get(name)?.value;
    if (value === undefined) continue;
    issues.push(...schema(value).map(({ path, message }) => ({ document: name, path, message, profiles })));
  }
  const config: EffectiveConfig = { release, defaultsRelease, documents, values };
  for (const validator of validators) {
    for (const { document, path, message } of validator(config, profiles)) {
      issues.push({ document: document ?? APPLICATION_SCHEMA, path, message, profiles });
    }
  }
  return issues;
}

/**
 * The combinations to check: those that live subscribers use, and each profile that has documents by itself. No profile at all is only
 * checked when somebody runs so or when there are no profiles: a value may well be there in every profile and not without one.
 */
export function knownProfileSets(
  documents: readonly { readonly profile?: string | undefined }[],
  inUse: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const single = documents.flatMap(({ profile }) => (profile === undefined ? [] : [[profile]]));
  const sets = [...inUse, ...single];
  const byName = new Map((sets.length === 0 ? [[]] : sets).map((set) => [set.join(','), set] as const));
  return [...byName.values()].slice(0, limits.profileSetsMax);
}

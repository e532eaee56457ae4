import type { Scope } from '../names.js';

/** Where everything is kept unless the options say otherwise. */
export const ROOT_DEFAULT = '/corral/config';

/** The application that stands for the namespace itself. No application can be called so. */
const DEFAULTS = '_defaults';

/** The znodes of one scope. README.md has the picture. */
export interface ScopePaths {
  /** What is above it. Its version counts the applications that got their first release. */
  readonly namespace: string;
  /** The scope itself. */
  readonly home: string;
  /** The pointer: which release is seen by whom. */
  readonly current: string;
  /** Records of releases, by number. */
  readonly releases: string;
  /** Contents, by their SHA-256. */
  readonly contents: string;
  /** What live subscribers run with; ephemerals. */
  readonly acks: string;
}

/** The znodes of a scope. The scope must have been checked. */
export function scopePaths(root: string, { namespace, application }: Scope): ScopePaths {
  const above = `${root}/${namespace}`;
  const home = `${above}/${application ?? DEFAULTS}`;
  return {
    namespace: above,
    home,
    current: `${home}/current`,
    releases: `${home}/releases`,
    contents: `${home}/contents`,
    acks: `${home}/acks`,
  };
}

/** Marks of the scopes in which a gradual release is on its way, so that a controller need not look at all. */
export function rolloutsPath(root: string): string {
  return `${root}/_rollouts`;
}

/** Held by the controller that acts. */
export function controllerPath(root: string): string {
  return `${root}/_controller`;
}

/** Where it is told who writes Spring's layout. */
export function springWritersPath(root: string): string {
  return `${root}/_spring`;
}

/** Held by the one that writes Spring's layout below a root. */
export function springWriterPath(root: string, springRoot: string): string {
  return `${springWritersPath(root)}/${encodeURIComponent(springRoot)}`;
}

/** The znode of a release. Ten digits, so that names sort as numbers do. */
export function releasePath(paths: ScopePaths, release: number): string {
  return `${paths.releases}/${String(release).padStart(10, '0')}`;
}

/** The mark of a scope, and the scope of a mark. */
export function rolloutMark({ namespace, application }: Scope): string {
  return `${namespace},${application ?? DEFAULTS}`;
}

/** The scope that a mark stands for. */
export function scopeOfMark(mark: string): Scope {
  const comma = mark.indexOf(',');
  return scopeOf(mark.slice(0, comma), mark.slice(comma + 1));
}

/** The scope of a znode below the root. */
export function scopeOf(namespace: string, application: string): Scope {
  return application === DEFAULTS ? { namespace } : { namespace, application };
}

/** Whether a znode below a namespace is an application. */
export function isApplicationNode(name: string): boolean {
  return !name.startsWith('_');
}

/** The znode in which a subscriber reports: its profiles are in the name, so that one list of children tells all that are in use. */
export function ackName(profiles: readonly string[], instanceId: string): string {
  return `${profiles.join(',')}:${instanceId}`;
}

/** The profiles and the id in the name of such a znode. */
export function partsOfAckName(name: string): { profiles: readonly string[]; instanceId: string } {
  const colon = name.indexOf(':');
  const profiles = name.slice(0, colon);
  return { profiles: profiles === '' ? [] : profiles.split(','), instanceId: name.slice(colon + 1) };
}

/** The tree's root. */
export const ROOT_PATH = '/';

/**
 * Says what is wrong with a path that is to be created, or nothing when it is fine. The rules are ZooKeeper's:
 * absolute, no trailing slash, no empty, `.` or `..` component, no control characters, surrogates or specials.
 */
export function pathFault(path: string | null): string | undefined {
  if (path === null) return 'path is null';
  if (path.length === 0) return 'path is empty';
  if (path.charCodeAt(0) !== SLASH) return 'path must start with /';
  const end = path.length;
  if (end === 1) return undefined;
  if (path.charCodeAt(end - 1) === SLASH) return 'path must not end with /';
  let componentStart = 1;
  for (let at = 1; at <= end; at += 1) {
    const code = at < end ? path.charCodeAt(at) : SLASH;
    if (code !== SLASH) {
      if (isForbidden(code)) return `character 0x${code.toString(16)} at ${String(at)} is not allowed`;
      continue;
    }
    const length = at - componentStart;
    if (length === 0) return `empty component at ${String(at)}`;
    if (isDots(path, componentStart, length)) return `relative component at ${String(componentStart)}`;
    componentStart = at + 1;
  }
  return undefined;
}

/** As `pathFault`, for a path that a sequence number will complete: it may end in a slash or in dots. */
export function sequentialPathFault(path: string | null): string | undefined {
  return pathFault(`${String(path)}1`);
}

const SLASH = 0x2f;
const DOT = 0x2e;

function isDots(path: string, start: number, length: number): boolean {
  if (length > 2 || path.charCodeAt(start) !== DOT) return false;
  return length === 1 || path.charCodeAt(start + 1) === DOT;
}

function isForbidden(code: number): boolean {
  if (code < 0x20) return true;
  if (code < 0x7f) return false;
  return code <= 0x9f || (code >= 0xd800 && code <= 0xf8ff) || code >= 0xfff0;
}

/** The path of the znode above; the root has none and answers with the empty string. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? (path.length === 1 ? '' : ROOT_PATH) : path.slice(0, Math.max(slash, 0));
}

/** The last component of a path. */
export function nodeName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of a child. */
export function childPath(parent: string, name: string): string {
  return parent === ROOT_PATH ? ROOT_PATH + name : `${parent}/${name}`;
}

/** Whether `path` is `ancestor` or lies below it. */
export function isSameOrBelow(path: string, ancestor: string): boolean {
  if (ancestor === ROOT_PATH) return true;
  return path.startsWith(ancestor) && (path.length === ancestor.length || path.charCodeAt(ancestor.length) === SLASH);
}

/** The completed name of a sequential znode: ten digits, or a minus and ten digits after 2^31 children, as ZooKeeper counts. */
export function sequentialPath(prefix: string, sequence: number): string {
  const digits = String(Math.abs(sequence)).padStart(sequence < 0 ? 9 : 10, '0');
  return sequence < 0 ? `${prefix}-${digits}` : prefix + digits;
}

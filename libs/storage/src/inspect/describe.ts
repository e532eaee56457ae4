/** Values of the store as text for people. */

import { type Acl, type Change, ErrorCode, OpCode, ownershipOf, Perms } from '@corral/model';
import { formatSessionId, type SessionId } from '@corral/primitives';

const CHANGE_NAMES = new Map<number, string>(Object.entries(OpCode).map(([name, code]) => [code, name]));
const ERROR_NAMES = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));
const PERMISSION_LETTERS: readonly [number, string][] = [
  [Perms.create, 'c'],
  [Perms.delete, 'd'],
  [Perms.read, 'r'],
  [Perms.write, 'w'],
  [Perms.admin, 'a'],
];

/** `2026-11-21T08:41:12.123Z`, or the bare number when it is no time that a calendar knows. */
export function describeTime(timeMs: number): string {
  const time = new Date(timeMs);
  return Number.isNaN(time.getTime()) ? String(timeMs) : time.toISOString();
}

/** What kind of change it is, in Corral's words: `create`, `setData`. */
export function describeType(change: Change): string {
  return CHANGE_NAMES.get(change.type) ?? String(change.type);
}

/** What a change says beside its kind and path. */
export function describeDetails(change: Change): string {
  switch (change.type) {
    case OpCode.create:
    case OpCode.create2:
      return `${describeData(change.data)}${change.ephemeral ? ', ephemeral' : ''}${describeAclUnlessOpen(change.acl)}`;
    case OpCode.createContainer:
      return `${describeData(change.data)}, container${describeAclUnlessOpen(change.acl)}`;
    case OpCode.createTtl:
      return `${describeData(change.data)}, ttl ${String(change.ttlMs)} ms${describeAclUnlessOpen(change.acl)}`;
    case OpCode.setData:
    case OpCode.reconfig:
      return `${describeData(change.data)}, version ${String(change.version)}`;
    case OpCode.setAcl:
      return `${describeAcl(change.acl)}, version ${String(change.version)}`;
    case OpCode.check:
      return `version ${String(change.version)}`;
    case OpCode.createSession:
      return `timeout ${String(change.timeoutMs)} ms`;
    case OpCode.closeSession:
      return change.paths === null ? '' : `${String(change.paths.length)} ephemerals`;
    case OpCode.error:
      return ERROR_NAMES.get(change.code) ?? String(change.code);
    case OpCode.multi:
      return `${String(change.changes.length)} changes`;
    case OpCode.delete:
    case OpCode.deleteContainer:
      return '';
  }
}

/** How much data, never what: a log may be shown to people who may not see it. */
export function describeData(data: Uint8Array | null): string {
  return data === null ? 'null' : `${String(data.length)} bytes`;
}

/** `world:anyone:cdrwa`. */
export function describeAcl(acl: readonly Acl[]): string {
  return acl.map(({ scheme, id, perms }) => `${scheme}:${id}:${describePermissions(perms)}`).join(' ');
}

/** What keeps a znode alive; nothing for a persistent one. */
export function describeOwner(owner: SessionId): string {
  const ownership = ownershipOf(owner);
  switch (ownership.kind) {
    case 'persistent':
      return '';
    case 'ephemeral':
      return `ephemeral of ${formatSessionId(ownership.sessionId)}`;
    case 'container':
      return 'container';
    case 'ttl':
      return `ttl ${String(ownership.ttlMs)} ms`;
  }
}

function describePermissions(perms: number): string {
  return PERMISSION_LETTERS.filter(([bit]) => (perms & bit) !== 0)
    .map(([, letter]) => letter)
    .join('');
}

function describeAclUnlessOpen(acl: readonly Acl[]): string {
  const text = describeAcl(acl);
  return text === 'world:anyone:cdrwa' ? '' : `, acl ${text}`;
}

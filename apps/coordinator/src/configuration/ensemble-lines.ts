/** The lines of zoo.cfg that speak of an ensemble: `server.N`, `group.N`, `weight.N`. */
import { isIP } from 'node:net';
import type { Property } from './properties-file.js';

/** One `server.N` line: a member as the file describes it. */
export interface EnsembleMember {
  readonly id: number;
  readonly line: number;
  /** Several when the file gives the member several networks. */
  readonly addresses: readonly { readonly host: string; readonly quorumPort: number; readonly electionPort: number }[];
  readonly role: 'participant' | 'observer';
  /** Where the member serves clients, when the line says so. */
  readonly client: { readonly host: string | undefined; readonly port: number } | undefined;
}

/** What the lines say together. */
export interface Ensemble {
  readonly members: readonly EnsembleMember[];
  /** Groups of members for hierarchical quorums, by group number. */
  readonly groups: ReadonlyMap<number, readonly number[]>;
  readonly weights: ReadonlyMap<number, number>;
  /** How often `reconfig` has changed the members, as Apache ZooKeeper counts it: the zxid of the last time. */
  readonly version: number;
}

/** A line that cannot be read. */
export interface UnreadableLine {
  readonly property: Property;
  readonly allowed: string;
}

const SERVER_ALLOWED =
  '<host>:<quorum port>:<election port>[:participant|:observer][;[<client host>:]<client port>], several addresses joined by |';

/** No lines at all: a member that stands alone. */
export const NO_ENSEMBLE: Ensemble = { members: [], groups: new Map(), weights: new Map(), version: 0 };

/** Tells whether a key belongs to this file's business. */
export function isEnsembleKey(key: string): boolean {
  return /^(server|group|weight)\./.test(key);
}

/** Reads the lines; those that cannot be read are listed, none stops the others. */
export function parseEnsembleLines(
  properties: readonly Property[],
  version = 0,
): {
  ensemble: Ensemble;
  unreadable: UnreadableLine[];
} {
  const members: EnsembleMember[] = [];
  const groups = new Map<number, number[]>();
  const weights = new Map<number, number>();
  const unreadable: UnreadableLine[] = [];
  for (const property of properties) {
    const [kind, idText = ''] = property.key.split('.', 2);
    const id = /^\d{1,10}$/.test(idText) ? Number(idText) : undefined;
    if (id === undefined) {
      unreadable.push({ property, allowed: `${kind ?? ''}.<number>` });
    } else if (kind === 'server') {
      const member = parseServer(id, property);
      if (member === undefined) unreadable.push({ property, allowed: SERVER_ALLOWED });
      else members.push(member);
    } else if (kind === 'group') {
      if (!/^\d+(:\d+)*$/.test(property.value)) unreadable.push({ property, allowed: 'member numbers joined by :' });
      else groups.set(id, property.value.split(':').map(Number));
    } else if (!/^\d{1,9}$/.test(property.value)) {
      unreadable.push({ property, allowed: 'an integer from 0' });
    } else {
      weights.set(id, Number(property.value));
    }
  }
  return { ensemble: { members, groups, weights, version }, unreadable };
}

function parseServer(id: number, { value, line }: Property): EnsembleMember | undefined {
  const [memberText = '', clientText, ...more] = value.split(';');
  if (more.length > 0) return undefined;
  const client = clientText === undefined ? undefined : parseClient(clientText);
  if (clientText !== undefined && client === undefined) return undefined;

  const roleText = /:(participant|observer)$/i.exec(memberText)?.[1];
  const addressesText = roleText === undefined ? memberText : memberText.slice(0, -roleText.length - 1);
  const addresses = addressesText.split('|').map(parseAddress);
  if (!addresses.every((address) => address !== undefined)) return undefined;
  return { id, line, addresses, role: roleText?.toLowerCase() === 'observer' ? 'observer' : 'participant', client };
}

function parseAddress(text: string): EnsembleMember['addresses'][number] | undefined {
  const parts = /^(\[[^\]]+\]|[^:[\]]+):(\d{1,5}):(\d{1,5})$/.exec(text);
  const [, host = '', quorumPort = '', electionPort = ''] = parts ?? [];
  if (!isHost(host) || !isPort(quorumPort) || !isPort(electionPort)) return undefined;
  return { host: withoutBrackets(host), quorumPort: Number(quorumPort), electionPort: Number(electionPort) };
}

function parseClient(text: string): EnsembleMember['client'] {
  const [, host, port = ''] = /^(?:(\[[^\]]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text) ?? [];
  if (!isPort(port) || (host !== undefined && !isHost(host))) return undefined;
  return { host: host === undefined ? undefined : withoutBrackets(host), port: Number(port) };
}

function isHost(text: string): boolean {
  return text.startsWith('[') ? isIP(withoutBrackets(text)) === 6 : text !== '';
}

function isPort(text: string): boolean {
  return text !== '' && Number(text) >= 1 && Number(text) <= 65_535;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

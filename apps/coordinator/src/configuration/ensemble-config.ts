/** From the lines about an ensemble to the ensemble that a member runs in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '@corral/primitives';
import type { ConfigurationProblem } from './configuration-error.js';
import type { Ensemble, EnsembleMember } from './ensemble-lines.js';

/** The number of a member stands in the top byte of the sessions that it opens. */
const SERVER_ID_MAX = 255;

/** The ensemble, and which of its members this is. */
export interface EnsembleConfig extends Ensemble {
  readonly serverId: number;
  readonly self: EnsembleMember;
}

/** What decides about the ensemble. */
export interface EnsembleSource {
  readonly ensemble: Ensemble;
  readonly dataDirectory: string;
  readonly clientPort: number;
  /** Corral's own form may name the member itself; else the file `myid` does. */
  readonly serverId: number | undefined;
}

/**
 * The ensemble that this member belongs to, or nothing where it stands alone: with one `server.N` line or none, as in ZooKeeper. Then nobody
 * asks for `myid`. What is wrong is added to `problems`.
 */
export function ensembleConfigOf(source: EnsembleSource, problems: ConfigurationProblem[]): EnsembleConfig | undefined {
  const { ensemble } = source;
  if (ensemble.members.length < 2) return undefined;
  const before = problems.length;
  checkMembers(ensemble, problems);
  checkGroups(ensemble, problems);
  const serverId = source.serverId ?? readMyid(source, problems);
  if (problems.length > before || serverId === undefined) return undefined;
  const self = ensemble.members.find(({ id }) => id === serverId);
  if (self === undefined) {
    problems.push({
      key: source.serverId === undefined ? join(source.dataDirectory, 'myid') : 'ensemble.serverId',
      line: undefined,
      sentence: `${String(serverId)} is no member of this ensemble; allowed: ${idsOf(ensemble)}`,
    });
    return undefined;
  }
  checkOwnPorts(self, source.clientPort, problems);
  return { ...ensemble, serverId, self };
}

function idsOf({ members }: Ensemble): string {
  return `one of ${members.map(({ id }) => id).join(', ')}`;
}

function readMyid({ ensemble, dataDirectory }: EnsembleSource, problems: ConfigurationProblem[]): number | undefined {
  const file = join(dataDirectory, 'myid');
  const allowed = `allowed: a file that holds the number of this member, ${idsOf(ensemble)}`;
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (/^\d{1,10}$/.test(text)) return Number(text);
    problems.push({ key: file, line: undefined, sentence: `holds ${JSON.stringify(text.slice(0, 40))}; ${allowed}` });
  } catch (error) {
    const reason =
      errorCodeOf(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${errorCodeOf(error) ?? 'error'})`;
    problems.push({ key: file, line: undefined, sentence: `${reason}; ${allowed}` });
  }
  return undefined;
}

function checkMembers({ members }: Ensemble, problems: ConfigurationProblem[]): void {
  if (!members.some(({ role }) => role === 'participant')) {
    problems.push(about(members[0]!, 'every member is an observer; allowed: at least one participant, who can vote'));
  }
  const takenBy = new Map<string, EnsembleMember>();
  for (const member of members) {
    if (member.id > SERVER_ID_MAX) {
      problems.push(
        about(member, `is member ${String(member.id)}; allowed: numbers from 0 to ${String(SERVER_ID_MAX)}`),
      );
    }
    for (const { host, quorumPort, electionPort } of member.addresses) {
      for (const place of [`${host}:${String(quorumPort)}`, `${host}:${String(electionPort)}`]) {
        const other = takenBy.get(place);
        if (other !== undefined) {
          const whose = other === member ? 'twice' : `also by server.${String(other.id)}`;
          problems.push(
            about(member, `${place} is used ${whose}; allowed: a port of its own for each purpose and member`),
          );
        }
        takenBy.set(place, member);
      }
    }
  }
}

function checkGroups({ members, groups, weights }: Ensemble, problems: ConfigurationProblem[]): void {
  const known = new Set(members.map(({ id }) => id));
  for (const id of weights.keys()) {
    if (!known.has(id)) problems.push(stranger(`weight.${String(id)}`, id));
  }
  if (groups.size === 0) return;
  const groupOf = new Map<number, number>();
  for (const [group, ids] of groups) {
    const key = `group.${String(group)}`;
    for (const id of ids) {
      if (!known.has(id)) problems.push(stranger(key, id));
      const other = groupOf.get(id);
      if (other !== undefined) {
        problems.push({
          key,
          line: undefined,
          sentence: `server ${String(id)} is in group ${String(other)} too; allowed: one group a member`,
        });
      }
      groupOf.set(id, group);
    }
  }
  for (const member of members) {
    if (member.role === 'participant' && !groupOf.has(member.id)) {
      problems.push(about(member, 'is in no group; allowed: with group.N lines, every participant in one of them'));
    }
  }
}

function stranger(key: string, id: number): ConfigurationProblem {
  return { key, line: undefined, sentence: `there is no server.${String(id)}; allowed: numbers of members` };
}

function checkOwnPorts(self: EnsembleMember, clientPort: number, problems: ConfigurationProblem[]): void {
  for (const { quorumPort, electionPort } of self.addresses) {
    if (clientPort === quorumPort || clientPort === electionPort) {
      problems.push(
        about(self, `port ${String(clientPort)} is the clients' one; allowed: other ports for quorum and election`),
      );
    }
  }
}

function about(member: EnsembleMember, sentence: string): ConfigurationProblem {
  return { key: `server.${String(member.id)}`, line: member.line, sentence };
}

import type { Ensemble, EnsembleMember } from './ensemble-lines.js';

/**
 * The ensemble in the form in which ZooKeeper's members show it to each other and to clients, in `/zookeeper/config`. It is never changed
 * while the members run.
 */
export function ensembleText({ members, groups, weights, version }: Ensemble): string {
  const lines = members.map((member) => `server.${String(member.id)}=${memberText(member)}`);
  for (const [group, ids] of groups) lines.push(`group.${String(group)}=${ids.join(':')}`);
  if (groups.size > 0) for (const { id } of members) lines.push(`weight.${String(id)}=${String(weights.get(id) ?? 1)}`);
  lines.push(`version=${version.toString(16)}`);
  return lines.join('\n');
}

function memberText({ addresses, role, client }: EnsembleMember): string {
  const places = addresses.map(
    ({ host, quorumPort, electionPort }) => `${bracketed(host)}:${String(quorumPort)}:${String(electionPort)}`,
  );
  const clients = client === undefined ? '' : `;${bracketed(client.host ?? '0.0.0.0')}:${String(client.port)}`;
  return `${places.join('|')}:${role}${clients}`;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

import { EPOCH_MAX, epochOf, type ServerId } from '@corral/primitives';
import type { Core } from '../core.js';
import { featuresOf } from '../features.js';
import type { LinkId } from '../link.js';
import { PROTOCOL_VERSION, type QuorumMessage } from '../messages.js';
import { Learner } from '../roles/learner.js';

/** What the leader makes of somebody's first word: a learner, or what is wrong with it. */
export function learnerOf(core: Core, link: LinkId, message: QuorumMessage): Learner | string {
  if (message.kind !== 'follower-info' && message.kind !== 'observer-info')
    return `${message.kind} from somebody who has not said who it is`;
  const { learner: info } = message;
  if (info?.protocolVersion === undefined || info.protocolVersion < PROTOCOL_VERSION)
    return 'it speaks a protocol older than ZooKeeper 3.4';
  const { serverId, configVersion, features } = info;
  if (serverId === core.serverId)
    return `it says that it is member ${String(serverId)}, as this member is: see its myid`;
  if (!core.isMember(serverId)) return stranger(core, serverId);
  if ((configVersion ?? 0) > core.configVersion) return outdatedLeader(serverId, configVersion!, core.configVersion);
  if (epochOf(message.acceptedZxid) >= EPOCH_MAX)
    return `member ${String(serverId)} has accepted the last epoch that there is: its acceptedEpoch file is damaged`;
  return new Learner(link, message, serverId, (features ?? 0) & featuresOf(core.options));
}

/** As with Apache's: its followers may count on members, and quorums, of which this one knows nothing. */
function outdatedLeader(serverId: ServerId, configVersion: number, ownVersion: number): string {
  return (
    `member ${String(serverId)} knows a later list of members, version ${configVersion.toString(16)}, than this one, version ` +
    `${ownVersion.toString(16)}: give all members the same list`
  );
}

/** It would get all data, and an accepted epoch of another ensemble's would lift this one's. */
function stranger({ options }: Core, serverId: ServerId): string {
  const members = [...options.quorums.participants, ...options.observers].sort((a, b) => a - b).join(', ');
  return (
    `member ${String(serverId)} is not in this member's configuration, which names ${members}: it belongs to another ensemble, or its ` +
    'server lines differ from ours'
  );
}

import { EnsembleMember, type EnsembleOptions, type MemberOptions } from '@corral/member';
import {
  AllowList,
  DEFAULT_PEER_LIMITS,
  ElectionNetwork,
  type PeerEndpoint,
  type PeerLimits,
  QuorumNetwork,
} from '@corral/net';
import type { ServerId } from '@corral/primitives';
import { hierarchicalQuorums, majorityQuorums, type QuorumVerifier, type Role, timingOf } from '@corral/zab';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';
import type { EnsembleConfig } from '../configuration/ensemble-config.js';
import { ensembleText } from '../configuration/ensemble-text.js';
import type { Logger } from '../logging/line-logger.js';
import { FileReplicaStorage } from './file-replica-storage.js';
import type { SharedPorts } from './lone-member.js';
import type { ServedMember } from './served-member.js';
import { DerivedSessionPasswords } from './session-passwords.js';
import type { StorageLayout } from './storage-layout.js';

/** The replica counts in these. */
const REPLICA_TICK_MS = 10;

/** Heartbeats that may be missed before a peer is given up. */
const HEARTBEATS_MISSED_MAX = 8;

/** An election takes less; ZooKeeper waits as long before it takes a member for cut off. */
const READ_ONLY_GRACE_MS_MIN = 2000;

/** The parts of an ensemble member around the member itself. */
export interface EnsembleInputs {
  readonly config: CoordinatorConfig;
  readonly ensemble: EnsembleConfig;
  readonly memberOptions: MemberOptions;
  readonly layout: StorageLayout;
  readonly ports: SharedPorts;
  readonly storageLogger: Logger;
  readonly peersLogger: Logger;
}

/** Opens a member of an ensemble over its files, listens for the others, and begins to look for a leader. */
export async function openEnsembleMember(inputs: EnsembleInputs): Promise<ServedMember> {
  const { config, ensemble, layout, ports, storageLogger, peersLogger } = inputs;
  let member: EnsembleMember | undefined = undefined as EnsembleMember | undefined;
  const storage = FileReplicaStorage.open({
    layout,
    logger: storageLogger,
    onFlushed: (durationMs, records) => member?.treeFlushed(durationMs, records),
    onFailed: (error) => member?.fail(error),
  });
  const { allowList, limits, members, listenHost } = networkOptions(config, ensemble);
  const serverId = ensemble.serverId as ServerId;
  const election = new ElectionNetwork(
    { serverId, members, listenHost, limits, random: Math.random },
    {
      allowList,
      logger: peersLogger,
      onNotification: (from, notification) => member?.peers.notification(from, notification),
      onConnected: (peer) => member?.peers.connected(peer),
      onDisconnected: (peer) => member?.peers.disconnected(peer),
    },
  );
  const quorum = new QuorumNetwork(
    { serverId, members, listenHost, limits },
    { allowList, logger: peersLogger, accept: (open) => member?.peers.accept(open) },
  );
  const opened = new EnsembleMember(ensembleOptions(inputs), {
    ...ports,
    storage,
    passwords: new DerivedSessionPasswords(),
    network: {
      notify: (to, notification) => {
        election.send(to, notification);
      },
      connect: (leader, handler, done) => {
        quorum.connect(leader, handler, done);
      },
    },
  });
  member = opened;
  if (storage.store.flushedZxid === 0) await storage.store.flushAll();
  await quorum.listen();
  await election.listen();
  opened.start();
  return served(opened, async () => {
    await opened.stop();
    election.close();
    quorum.close();
    await storage.close();
  });
}

/** The member with its timer. */
function served(member: EnsembleMember, stop: () => Promise<void>): ServedMember {
  // After a stall of the process what has arrived lies in the sockets; it is read before the clock is looked at.
  const tick = (): void => {
    member.tick();
  };
  const timer = setInterval(() => setImmediate(tick), REPLICA_TICK_MS);
  return {
    status: member.status,
    get isServing() {
      return member.isServing;
    },
    get requestsReceived() {
      return member.requestsReceived;
    },
    open: (channel) => member.open(channel),
    tick: () => {
      member.slowTick();
    },
    stop: () => {
      clearInterval(timer);
      return stop();
    },
  };
}

function networkOptions(
  config: CoordinatorConfig,
  ensemble: EnsembleConfig,
): { allowList: AllowList; limits: PeerLimits; members: PeerEndpoint[]; listenHost: string | undefined } {
  const hosts = config.peerAddresses.flatMap((word) =>
    word === 'members' ? ensemble.members.flatMap(({ addresses }) => addresses.map(({ host }) => host)) : [word],
  );
  const everybody = config.peerAddresses.includes('*');
  return {
    allowList: new AllowList({ hosts, everybody, monotonicMs: () => performance.now() }),
    limits: { ...DEFAULT_PEER_LIMITS, connectTimeoutMs: config.peerConnectTimeoutMs },
    members: ensemble.members.map(({ id, addresses }) => ({ serverId: id as ServerId, addresses })),
    listenHost: config.quorumListensEverywhere ? undefined : ensemble.self.addresses[0]?.host,
  };
}

function ensembleOptions({ config, ensemble, memberOptions }: EnsembleInputs): EnsembleOptions {
  const serverId = ensemble.serverId as ServerId;
  const configText = ensembleText(ensemble);
  const { heartbeatMs } = config;
  return {
    ...memberOptions,
    serverId,
    configText,
    leaderServes: config.leaderServes,
    readOnlyGraceMs: config.readOnlyModeEnabled ? Math.max(READ_ONLY_GRACE_MS_MIN, config.tickMs) : undefined,
    participants: membersOf(ensemble, 'participant'),
    replica: {
      serverId,
      role: ensemble.self.role,
      quorums: quorumsOf(ensemble),
      observers: membersOf(ensemble, 'observer'),
      timing: timingOf({
        tickMs: REPLICA_TICK_MS,
        tickTimeMs: config.tickMs,
        initLimit: config.initLimitTicks,
        syncLimit: config.syncLimitTicks,
        heartbeat:
          heartbeatMs === 0 ? undefined : { intervalMs: heartbeatMs, silenceMs: heartbeatMs * HEARTBEATS_MISSED_MAX },
      }),
      config: Buffer.from(configText),
    },
  };
}

function membersOf({ members }: EnsembleConfig, wanted: Role): ServerId[] {
  return members.filter(({ role }) => role === wanted).map(({ id }) => id as ServerId);
}

function quorumsOf(ensemble: EnsembleConfig): QuorumVerifier {
  const { groups, weights } = ensemble;
  const participants = membersOf(ensemble, 'participant');
  if (groups.size === 0) return majorityQuorums(participants);
  return hierarchicalQuorums(
    participants,
    Array.from(groups, ([id, ids]) => ({ id, members: ids as readonly ServerId[] })),
    weights as ReadonlyMap<ServerId, number>,
  );
}

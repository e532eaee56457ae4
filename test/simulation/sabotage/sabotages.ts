import type { Epochs, History, QuorumVerifier, ReplicaOptions } from '@corral/zab';
import { Replica } from '@corral/zab';
import type { Sabotage } from '../world/run.js';
import {
  AcknowledgesBeforeSync,
  AcknowledgesHistoryBeforeSync,
  AppliesUncommitted,
  BelievesEarlyCommits,
  DoesNotTruncate,
  PromisesBeforeEpochsAreStored,
  SkipsProposals,
} from './disk-faults.js';
import { CountsAnAckTwice, ElectsTheShorterLog, LeadsOnAlone } from './quorum-faults.js';
import type { TamperedMachine } from './tampered-machine.js';

type MachineClass = new (options: ReplicaOptions, history: History, epochs: Epochs) => TamperedMachine;

const tampered = (name: string, Machine: MachineClass): Sabotage => ({
  name,
  machine: (options, history, epochs) => new Machine(options, history, epochs),
});

/** Any member decides alone. */
const anybody = (quorums: QuorumVerifier): QuorumVerifier => ({
  participants: quorums.participants,
  weightOf: (serverId) => quorums.weightOf(serverId),
  isQuorum: (has) => quorums.participants.some(has),
});

/** Every way in which the protocol is broken on purpose. */
export const sabotages: readonly Sabotage[] = [
  tampered('acknowledges a proposal before it is synced', AcknowledgesBeforeSync),
  tampered('acknowledges NEWLEADER before the history is synced', AcknowledgesHistoryBeforeSync),
  tampered('makes promises before its epochs are stored', PromisesBeforeEpochsAreStored),
  tampered('skips a proposal', SkipsProposals),
  tampered('does not truncate', DoesNotTruncate),
  tampered('applies what is not committed', AppliesUncommitted),
  tampered('believes a commit before UPTODATE', BelievesEarlyCommits),
  tampered('elects the shorter log', ElectsTheShorterLog),
  tampered('counts an ack twice', CountsAnAckTwice),
  tampered('goes on leading after its followers have left', LeadsOnAlone),
  {
    name: 'commits without a quorum',
    machine: (options, history, epochs) =>
      new Replica({ ...options, quorums: anybody(options.quorums) }, history, epochs),
  },
  {
    name: 'forgets the accepted epoch in a crash',
    machine: (options, history, { currentEpoch }) =>
      new Replica(options, history, { acceptedEpoch: currentEpoch, currentEpoch }),
  },
  {
    name: 'forgets the current epoch in a crash',
    machine: (options, history, { acceptedEpoch }) => new Replica(options, history, { acceptedEpoch, currentEpoch: 0 }),
  },
];

import type { StatusSource } from '@corral/member';
import type { ServerFacts } from '@corral/net';
import type { MemberMetrics } from '../metrics/member-metrics.js';

/** What a command may read. */
export interface CommandContext {
  readonly source: StatusSource;
  readonly facts: ServerFacts;
  readonly metrics: MemberMetrics;
  readonly nowMs: number;
}

/** The fields of an answer, without `command` and `error`, which every answer has. */
export type CommandFields = Readonly<Record<string, unknown>>;

/** One command of the admin pages. Names and fields are those of ZooKeeper's AdminServer. */
export interface AdminCommand {
  /** The first is the one that the answer carries; the others are accepted too. */
  readonly names: readonly string[];
  readonly run: (context: CommandContext) => CommandFields;
}

/** A command that says something about the process, whether the member serves or not. */
export interface IndependentCommand {
  readonly names: readonly string[];
  readonly runAlone: (facts: ServerFacts) => CommandFields;
}

/*
 * Time is counted in ticks of the shell's timer, which are much shorter than ZooKeeper's tickTime: an election is over in a few of them.
 */

/** How long things may take. */
export interface Timing {
  /** For each step on the way to a serving leader: to connect, to agree on the epoch, to synchronize. */
  readonly initTicks: number;
  /** A peer that was not heard from for longer is given up. */
  readonly syncTicks: number;
  /** Between two pings of the leader, and between two looks at whether a quorum still follows. */
  readonly pingTicks: number;
  /** How long a member that sees a quorum waits for a better vote, while somebody who is connected has not voted alike. */
  readonly finalizeTicks: number;
  /** The first wait before notifications are sent again; it doubles each time. */
  readonly resendTicksMin: number;
  /** And the longest. */
  readonly resendTicksMax: number;
  /** Between two attempts to reach the leader. */
  readonly reconnectTicks: number;
  /** How long a learner goes on asking an elected member that is there and refuses its connections. */
  readonly refusedTicks: number;
  /** A closer watch between members that both know it; null for none. */
  readonly heartbeat: Heartbeat | null;
}

/** Pings and patience between two Corral members, in place of `pingTicks` and `syncTicks`. */
export interface Heartbeat {
  readonly pingTicks: number;
  readonly silentTicks: number;
}

/** Time as an operator sets it. */
export interface TimingSettings {
  /** How often the shell calls `tick`. */
  readonly tickMs: number;
  /** `tickTime` of zoo.cfg. */
  readonly tickTimeMs: number;
  /** `initLimit` of zoo.cfg, in tickTimes. */
  readonly initLimit: number;
  /** `syncLimit` of zoo.cfg, in tickTimes. */
  readonly syncLimit: number;
  readonly heartbeat?: { readonly intervalMs: number; readonly silenceMs: number } | undefined;
}

/** Long enough for a vote to go round a data centre, short enough not to be felt. */
const FINALIZE_MS = 60;
const RESEND_MS_MIN = 100;
const RESEND_MS_MAX = 2_000;
const RECONNECT_MS = 40;
/**
 * An elected member of Apache's opens its port a fifth of a second after everybody else knows, later on a busy machine. Whoever looks again
 * before that opens a new round, and begins its election anew.
 */
const REFUSED_MS = 2_000;

/** The replica's ticks for an operator's settings. Nothing is rounded down to no time at all. */
export function timingOf(settings: TimingSettings): Timing {
  const ticks = (ms: number): number => Math.max(1, Math.round(ms / settings.tickMs));
  const { heartbeat, tickTimeMs } = settings;
  return {
    initTicks: ticks(tickTimeMs * settings.initLimit),
    syncTicks: ticks(tickTimeMs * settings.syncLimit),
    pingTicks: ticks(tickTimeMs / 2),
    finalizeTicks: ticks(FINALIZE_MS),
    resendTicksMin: ticks(RESEND_MS_MIN),
    resendTicksMax: ticks(RESEND_MS_MAX),
    reconnectTicks: ticks(RECONNECT_MS),
    refusedTicks: ticks(REFUSED_MS),
    heartbeat:
      heartbeat === undefined
        ? null
        : { pingTicks: ticks(heartbeat.intervalMs), silentTicks: ticks(heartbeat.silenceMs) },
  };
}

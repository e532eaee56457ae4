import { formatSessionId, type SessionId } from '@corral/primitives';
import type { WordContext } from './four-letter-word.js';
import type { ReportSource } from './report-source.js';

/** How many watches `wchp` and `wchc` list. */
export interface WatchSummary {
  readonly connections: number;
  readonly paths: number;
  readonly watches: number;
}

/** Counts what the two lists show, and not `status()`, which counts every kind of watch. */
export function summarizeWatches(source: Pick<ReportSource, 'watchesByPath'>): WatchSummary {
  const sessions = new Set<SessionId>();
  let paths = 0;
  let watches = 0;
  for (const [, watchers] of source.watchesByPath()) {
    paths += 1;
    watches += watchers.length;
    for (const session of watchers) sessions.add(session);
  }
  return { connections: sessions.size, paths, watches };
}

/** How many watches there are. */
export function answerWchs({ source }: WordContext): string {
  const { connections, paths, watches } = summarizeWatches(source);
  return `${connections} connections watching ${paths} paths\nTotal watches:${watches}\n`;
}

/** The watches by path: each path, then the sessions that watch it. */
export function answerWchp({ source }: WordContext): string {
  const lines: string[] = [];
  for (const [path, sessions] of source.watchesByPath()) {
    lines.push(`${path}\n`);
    for (const session of sessions) lines.push(`\t${formatSessionId(session)}\n`);
  }
  return `${lines.join('')}\n`;
}

/** The watches by session: each session, then the paths that it watches. */
export function answerWchc({ source }: WordContext): string {
  const lines: string[] = [];
  for (const [session, paths] of source.watchesBySession()) {
    lines.push(`${formatSessionId(session)}\n`);
    for (const path of paths) lines.push(`\t${path}\n`);
  }
  return `${lines.join('')}\n`;
}

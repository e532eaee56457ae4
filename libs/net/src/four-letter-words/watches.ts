import { formatSessionId } from '@corral/primitives';
import type { WordContext } from './four-letter-word.js';

/** How many watches there are. */
export function answerWchs({ source }: WordContext): string {
  const { watchCount, watchedPathCount } = source.status();
  const connections = [...source.watchesBySession()].length;
  return `${connections} connections watching ${watchedPathCount} paths\nTotal watches:${watchCount}\n`;
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

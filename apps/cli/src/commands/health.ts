import { parseArgs } from 'node:util';
import { type Command, ExitCode, UsageError } from '../command.js';

const PLACE_DEFAULT = '127.0.0.1:8180';
const PATH_DEFAULT = '/health/ready';
/** Whoever asks has an own limit, which is longer. */
const ANSWER_MS_MAX = 3_000;

/** `corral health [HOST:PORT[/PATH]]...` */
export const health: Command = {
  usage: '[HOST:PORT]...',
  summary: 'ask a server or platform if it is ready',
  details: [
    'For health checks where there is no curl. Asks over HTTP; without a place,',
    `${PLACE_DEFAULT}, where a server has its admin pages. A platform is at 8181.`,
    `A path may follow; without it, ${PATH_DEFAULT}.`,
    '',
    'The exit code is 0 when all are ready, and 1 otherwise.',
  ].join('\n'),
  run: async (args) => {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const places = positionals.length === 0 ? [PLACE_DEFAULT] : positionals;
    const answers = await Promise.all(places.map(urlOf).map(ask));
    for (const [i, { verdict }] of answers.entries()) console.log(`${places[i]}: ${verdict}`);
    return answers.every(({ isReady }) => isReady) ? ExitCode.ok : ExitCode.failure;
  },
};

interface Answer {
  readonly isReady: boolean;
  /** For people: `ready`, or what is in the way. */
  readonly verdict: string;
}

function urlOf(place: string): URL {
  const [, host, path] = /^((?:\[[\da-fA-F:.]+\]|[^\s:/@[\]]+):\d{1,5})(\/\S*)?$/.exec(place) ?? [];
  if (host === undefined || !URL.canParse(`http://${host}`)) {
    throw new UsageError(`a place is HOST:PORT, [IPV6]:PORT or either with a path, not ${JSON.stringify(place)}`);
  }
  return new URL(path ?? PATH_DEFAULT, `http://${host}`);
}

async function ask(url: URL): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (response.ok) {
      await response.body?.cancel();
      return { isReady: true, verdict: 'ready' };
    }
    return { isReady: false, verdict: `not ready: ${reasonIn(await response.text()) ?? `HTTP ${response.status}`}` };
  } catch (error) {
    return { isReady: false, verdict: `silent (${whyNot(error)})` };
  }
}

/** A server tells its reason, a platform the detail of a problem document. */
function reasonIn(text: string): string | undefined {
  try {
    const { reason, detail } = JSON.parse(text) as { reason?: unknown; detail?: unknown };
    return [reason, detail].find((each): each is string => typeof each === 'string');
  } catch {
    return undefined;
  }
}

/** What fetch throws says little; its cause tells. */
function whyNot(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer in ${String(ANSWER_MS_MAX)} ms`;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
}

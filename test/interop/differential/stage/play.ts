/** Plays groups of scenarios on a server and returns the transcripts. */
import { digestOf, type RunningServer, type ServerOptions } from '../../harness/index.js';
import { Observer, SUPER_PASSWORD } from './observer.js';
import type { ScenarioGroup } from './scenario.js';
import { Stage, type Step } from './stage.js';

/** Steps by scenario name. */
export type Transcripts = Map<string, Step[]>;

/** Starts either server. */
export type StartServer = (options: ServerOptions) => Promise<RunningServer>;

/** Ports for this suite's servers. */
const PORTS = { first: 21_100, last: 21_199 };

/** Starts a server, plays the group's scenarios in order, stops the server. */
export async function playGroup(group: ScenarioGroup, start: StartServer): Promise<Transcripts> {
  const properties = group.properties ?? {};
  const server = await start({
    ports: PORTS,
    superDigest: digestOf('super', SUPER_PASSWORD),
    // Apache ignores these lines (it knows the properties by other names), Corral reads them.
    configLines: [...(group.configLines ?? []), ...Object.entries(properties).map(([key, value]) => `${key}=${value}`)],
    javaProperties: properties,
  });
  try {
    const transcripts: Transcripts = new Map();
    for (const scenario of group.scenarios) {
      // Its own observer each: a scenario may take long enough for an idle session to expire.
      const observer = await Observer.connect(server.clientPort);
      const stage = await Stage.open(server, observer, scenario.root);
      try {
        await scenario.play(stage);
      } catch (cause) {
        // What was seen so far is worth comparing; the failure itself is a difference unless both servers have it.
        stage.record('the scenario failed', { error: String(cause) });
      }
      await stage.close();
      observer.close();
      transcripts.set(scenario.name, stage.steps);
    }
    return transcripts;
  } finally {
    await server.stop('SIGKILL');
  }
}

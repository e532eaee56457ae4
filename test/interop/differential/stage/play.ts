/** Plays groups of scenarios on a server and returns the transcripts. */
import { digestOf, type RunningServer, type ServerOptions } from '../../harness/index.js';
import { Observer, SUPER_PASSWORD } from './observer.js';
import type { ScenarioGroup } from './scenario.js';
import { Stage, type House, type Step } from './stage.js';

/** Steps by scenario name. */
export type Transcripts = Map<string, Step[]>;

/** Starts either server. */
export type StartServer = (options: ServerOptions) => Promise<RunningServer>;

/** Ports for this suite's servers. */
const PORTS = { first: 21_100, last: 21_199 };

/** Starts a server, plays the group's scenarios in order, stops the server. */
export async function playGroup(group: ScenarioGroup, start: StartServer): Promise<Transcripts> {
  const properties = group.properties ?? {};
  const open = async (): Promise<House> => {
    const server = await start({
      ports: PORTS,
      superDigest: digestOf('super', SUPER_PASSWORD),
      // Apache ignores these lines (it knows the properties by other names), Corral reads them.
      configLines: [
        ...(group.configLines ?? []),
        ...Object.entries(properties).map(([key, value]) => `${key}=${value}`),
      ],
      javaProperties: properties,
    });
    return { server, observer: await Observer.connect(server.clientPort) };
  };
  let house = await open();
  try {
    const transcripts: Transcripts = new Map();
    for (const scenario of group.scenarios) {
      const stage = await Stage.open(house, scenario.root);
      try {
        await scenario.play(stage);
      } catch (cause) {
        // What was seen so far is worth comparing; the failure itself is a difference unless both servers have it.
        stage.record('the scenario failed', { error: String(cause) });
      }
      await stage.close();
      if (house.server.ended !== undefined) {
        stage.record('the server ended', { log: house.server.log().slice(-2_000) });
        house = await open();
      }
      transcripts.set(scenario.name, stage.steps);
    }
    return transcripts;
  } finally {
    house.observer.close();
    await house.server.stop('SIGKILL');
  }
}

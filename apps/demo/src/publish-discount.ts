/** `discount PERCENT [LABEL]`: releases a configuration, and tells what became of it. */
import { Client } from '@corral/client';
import { ConfigStore } from '@corral/live-config';
import { DemoError } from './demo-error.js';
import { NAMESPACE, settings } from './settings.js';

/** How long the instances of pricing are waited for. */
const ACKNOWLEDGED_MS_MAX = 5000;

/** How long a server is waited for. */
const CONNECT_MS_MAX = 5000;

/** What to print, and whether every instance of pricing has taken the release. */
export interface Published {
  readonly lines: readonly string[];
  readonly isInForce: boolean;
}

/** Publishes the document `discount` for pricing, and waits for what its instances make of it. @throws DemoError when no server answers */
export async function publishDiscount(percentText: string, label = 'Sale'): Promise<Published> {
  const client = await connect();
  try {
    const store = new ConfigStore(client, { author: 'demo' });
    const { release, acknowledgement } = await store.publish(
      {
        scope: { namespace: NAMESPACE, application: 'pricing' },
        // As a person might type it: whether it makes sense is for pricing to say.
        changes: [
          {
            name: 'discount',
            format: 'json',
            content: JSON.stringify({ discount: { percent: valueOf(percentText), label } }),
          },
        ],
        comment: `discount ${percentText}`,
      },
      { wait: { share: 1, timeoutMs: ACKNOWLEDGED_MS_MAX } },
    );
    const lines = [
      `release ${release.release} of ${NAMESPACE}/pricing is published`,
      `in force at ${acknowledgement?.acknowledged ?? 0} of ${acknowledgement?.subscribers ?? 0} instances`,
      ...(acknowledgement?.failed ?? []).map(({ instanceId, error }) => `refused by ${instanceId}: ${error}`),
      ...(acknowledgement?.lagging ?? []).map((instanceId) => `no answer yet from ${instanceId}`),
    ];
    return { lines, isInForce: acknowledgement?.reached ?? false };
  } finally {
    await client.close();
  }
}

async function connect(): Promise<Client> {
  try {
    return await Client.connect({ connect: settings.connect }, { signal: AbortSignal.timeout(CONNECT_MS_MAX) });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new DemoError(`no server answers at ${settings.connect}; is one running? (npm start)`, { cause: error });
  }
}

function valueOf(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

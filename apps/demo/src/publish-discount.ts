/** `discount PERCENT [LABEL]`: releases a configuration, and tells what became of it. */
import { Client } from '@corral/client';
import { ConfigStore } from '@corral/live-config';
import { NAMESPACE, settings } from './settings.js';

/** How long the instances of pricing are waited for. */
const ACKNOWLEDGED_MS_MAX = 5000;

/** What to print, and whether every instance of pricing has taken the release. */
export interface Published {
  readonly lines: readonly string[];
  readonly isInForce: boolean;
}

/** Publishes the document `discount` for pricing, and waits for what its instances make of it. */
export async function publishDiscount(percentText: string, label = 'Sale'): Promise<Published> {
  const client = await Client.connect({ connect: settings.connect });
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

function valueOf(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

import { describe, expect, it } from '@jest/globals';
import { RegistryStage } from '../registry-stage.fake.js';

describe('the platforms of an ensemble', () => {
  it('know each other, and one that is taken out by somebody comes again by itself', async () => {
    const stage = new RegistryStage();
    const [one, other] = [await stage.actor(), await stage.actor()];
    await stage.result(Promise.all([one.registry.membership.start(), other.registry.membership.start()]));
    const both = [one.registry.membership.id, other.registry.membership.id].sort();
    expect(one.registry.membership.living).toEqual(both);
    await stage.result(other.client.delete(`/corral/registry/platforms/${one.registry.membership.id}`));
    expect(other.registry.membership.living).toEqual(both);
    expect(one.registry.membership.isCurrent).toBe(true);
  });

  it('stop without the ensemble, and do not come again with it', async () => {
    const stage = new RegistryStage();
    const [one, other] = [await stage.actor(), await stage.actor()];
    await stage.result(Promise.all([one.registry.membership.start(), other.registry.membership.start()]));
    stage.ensemble.cut(one.client);
    await stage.ensemble.settle();
    await stage.result(one.registry.membership.stop());
    stage.ensemble.heal(one.client);
    await stage.ensemble.pass(2000);
    expect(other.registry.membership.living).toEqual([other.registry.membership.id]);
  });
});

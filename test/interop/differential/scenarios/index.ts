/** All scenarios, by the configuration of the server they need. */
import type { ScenarioGroup } from '../stage/scenario.js';
import { accessScenarios } from './access.js';
import { createScenarios } from './create.js';
import { dataScenarios } from './data.js';
import { limitScenarios, restartScenarios } from './endurance.js';
import { frameScenarios } from './frames.js';
import { lifetimeScenarios, ttlDefaultScenarios, ttlOffScenarios } from './lifetimes.js';
import { mutationScenarios } from './mutations.js';
import { multiScenarios } from './multi.js';
import { quotaScenarios, softQuotaScenarios } from './quotas.js';
import { randomScenarios } from './random.js';
import { expiryScenarios, sessionScenarios } from './sessions.js';
import { watchScenarios } from './watches.js';
import { refusedWordScenarios, wordScenarios } from './words.js';

/** Every group is played on a fresh server of each kind. */
export const groups: readonly ScenarioGroup[] = [
  {
    name: 'every operation',
    configLines: ['extendedTypesEnabled=false'],
    scenarios: [...createScenarios, ...dataScenarios, ...watchScenarios, ...multiScenarios, ...accessScenarios],
  },
  { name: 'requests at random', scenarios: randomScenarios },
  { name: 'requests with changed bytes', configLines: ['extendedTypesEnabled=false'], scenarios: mutationScenarios },
  { name: 'defaults', scenarios: [...sessionScenarios, ...frameScenarios, ...ttlDefaultScenarios] },
  { name: 'TTL nodes off', configLines: ['extendedTypesEnabled=false'], scenarios: ttlOffScenarios },
  { name: 'short ticks', configLines: ['tickTime=200', 'maxSessionTimeout=40000'], scenarios: expiryScenarios },
  {
    name: 'TTL nodes and containers',
    configLines: ['extendedTypesEnabled=true'],
    properties: { 'znode.container.checkIntervalMs': '200' },
    scenarios: lifetimeScenarios,
  },
  { name: 'enforced quotas', configLines: ['enforceQuota=true'], scenarios: quotaScenarios },
  { name: 'quotas by default', scenarios: softQuotaScenarios },
  { name: 'restarts', configLines: ['extendedTypesEnabled=true'], scenarios: restartScenarios },
  {
    name: 'limits',
    configLines: ['maxClientCnxns=3', 'minSessionTimeout=1000', 'maxSessionTimeout=5000'],
    scenarios: limitScenarios,
  },
  { name: 'four-letter words', scenarios: wordScenarios },
  {
    name: 'few four-letter words',
    configLines: ['4lw.commands.whitelist=ruok, isro'],
    scenarios: refusedWordScenarios,
  },
];

import type { InstancePool } from '@corral/registry';

/** What a client of a service needs of the registry's pool: who is there, a choice, and word of changes. */
export type ServicePool = Pick<InstancePool, 'instances' | 'ready' | 'pick' | 'onChange' | 'close'>;

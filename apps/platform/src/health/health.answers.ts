import type { ConnectionState } from '@corral/client';
import { choice, record } from '../openapi/schema.js';

/** The process answers. */
export interface Liveness {
  readonly status: 'live';
}

/** The platform can do its work. */
export interface Readiness {
  readonly status: 'ready';
  readonly ensemble: ConnectionState;
}

export const liveness = record<Liveness>('Liveness', 'The process answers', {
  status: choice('How it is', { live: '' }),
});

export const readiness = record<Readiness>('Readiness', 'The platform can do its work', {
  status: choice('How it is', { ready: '' }),
  ensemble: choice('The connection to the ensemble', {
    connecting: 'never connected yet',
    connected: '',
    suspended: 'gone; the session may live',
    reconnected: '',
    lost: 'the session is over; a new one is sought',
    'read-only': 'the server has no quorum',
    closed: '',
  }),
});

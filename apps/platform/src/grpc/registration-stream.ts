import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type Lease, LeaseNotFoundError } from '@corral/registry';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { invalidField } from '../errors/problem.js';
import type { RegistryService } from '../registry/registry-service.js';
import type { Caller } from '../security/access.js';
import type { OpenStreams } from '../streams/open-streams.js';
import type { GrpcCalls } from './grpc-calls.js';
import { registerResponseOf } from './registry-messages.js';
import { StreamBrokenError } from './stream-broken-error.js';
import { unlessAborted } from './unless-aborted.js';
import { type InstanceInput, RegisterInput } from './registry.input.js';

/** Several renewals fit into a lease, so that one that is late does no harm. */
const RENEWALS_PER_LEASE = 3;

/** Within this time after its end a call is known to have been cut off, if it was. */
const CUT_OFF_MS = 50;

/** What a registration stream works with. */
export interface RegistrationStreamParts {
  readonly calls: GrpcCalls;
  readonly registry: RegistryService;
  readonly streams: OpenStreams;
}

type Call = ServerDuplexStream<object, object>;

/**
 * An instance that is registered for as long as its stream is open. Ended by the caller: it leaves. Broken, or ended because the
 * platform stops: the lease runs on, and the caller takes it up again with a new stream, under the same id, wherever he finds a platform.
 */
export async function serveRegistration(call: Call, parts: RegistrationStreamParts): Promise<void> {
  const stream = parts.streams.enter();
  const gone = (): void => stream.abort(new StreamBrokenError());
  call.once('cancelled', gone);
  const messages = call[Symbol.asyncIterator]() as AsyncIterator<object>;
  let lease: Lease | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      // Not `for await`: leaving that would destroy the call, and with it the status that tells why.
      const next = await unlessAborted(messages.next(), stream.signal);
      if (next.done === true) break;
      const input = parts.calls.input(RegisterInput, withoutAnswers(next.value));
      if (lease === undefined) {
        const caller = admit(call, input, parts);
        stream.isFor(caller);
        lease = await begin(input, parts);
        timer = renewEvery(lease, parts.registry, (error) => stream.abort(error));
      } else {
        // Each change counts against the caller's rate.
        admit(call, input, parts);
        lease = await change(lease, input.instance, parts.registry.leases);
      }
      if (!call.write(registerResponseOf(lease))) await once(call, 'drain', { signal: stream.signal });
    }
    // A call that is cut off ends, too, and only then is told to be cancelled.
    await delay(CUT_OFF_MS);
    if (call.cancelled || stream.signal.aborted) throw new StreamBrokenError();
    if (lease !== undefined) await parts.registry.leases.revoke(lease.leaseId);
    call.end();
  } finally {
    clearInterval(timer);
    call.off('cancelled', gone);
    stream.leave();
  }
}

/** An `Instance` that was read somewhere may be registered as it is: what only answers say is left out. */
function withoutAnswers(message: { readonly instance?: object | null }): object {
  if (typeof message.instance !== 'object' || message.instance === null) return message;
  const { health: _health, registeredAtMs: _registeredAtMs, ...instance } = message.instance as Record<string, unknown>;
  return { ...message, instance };
}

function admit(call: Call, { instance: { service } }: RegisterInput, { calls }: RegistrationStreamParts): Caller {
  return calls.admit(call, 'writer', { kind: 'service', service });
}

async function begin(input: RegisterInput, { registry }: RegistrationStreamParts): Promise<Lease> {
  const { instance, ttlMs, leaseId } = input;
  const { service, ...fields } = instance;
  const kept = leaseId === undefined ? undefined : await resume(leaseId, instance, registry);
  return kept ?? registry.register(service, ttlMs === undefined ? fields : { ...fields, ttlMs });
}

/** Takes up the lease of a stream that broke; `undefined`: it has run out. */
async function resume(
  leaseId: string,
  instance: InstanceInput,
  { leases }: RegistryService,
): Promise<Lease | undefined> {
  try {
    const lease = await leases.renew(leaseId);
    return await change(lease, instance, leases);
  } catch (error) {
    if (error instanceof LeaseNotFoundError) return undefined;
    throw error;
  }
}

async function change(
  lease: Lease,
  { service, id, ...patch }: InstanceInput,
  leases: RegistryService['leases'],
): Promise<Lease> {
  if (service !== lease.instance.service) throw invalidField('instance.service', 'cannot change within a stream');
  if (id !== undefined && id !== lease.instance.id) throw invalidField('instance.id', 'cannot change within a stream');
  return leases.update(lease.leaseId, patch);
}

function renewEvery(
  { leaseId, ttlMs }: Lease,
  { leases }: RegistryService,
  lost: (error: unknown) => void,
): NodeJS.Timeout {
  return setInterval(() => void leases.renew(leaseId).catch(lost), Math.floor(ttlMs / RENEWALS_PER_LEASE));
}

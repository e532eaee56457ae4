import type { InstanceSpec, Registration } from '@corral/registry';
import type { RegistrarParts } from './service-registrar.js';

type RegistrarRegistry = RegistrarParts['registry'];

/** A registry that registers when the test says so, and tells what it was asked. */
export class FakeRegistry implements RegistrarRegistry {
  readonly calls: string[] = [];
  readonly registered: InstanceSpec[] = [];
  /** What registrations say of themselves: false after a session was lost. */
  isRegistered = true;
  /** What the ensemble says to whoever registers. */
  refusal: Error | undefined;
  #release: () => void = () => undefined;
  #gate: Promise<void> = Promise.resolve();

  /** From now on registering takes until `letPass`: the ensemble is away. */
  hold(): void {
    this.#gate = new Promise((resolve) => (this.#release = resolve));
  }

  letPass(): void {
    this.#release();
  }

  async register(spec: InstanceSpec, call: { readonly signal: AbortSignal }): Promise<Registration> {
    await Promise.race([
      this.#gate,
      new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason as Error));
      }),
    ]);
    if (this.refusal !== undefined) throw this.refusal;
    this.registered.push(spec);
    return this.#registration();
  }

  #registration(): Registration {
    const drain = async ({ graceMs }: { readonly graceMs: number }): Promise<void> => {
      await this.#gate;
      this.calls.push(`drain ${graceMs}`);
    };
    const registration = { drain };
    Object.defineProperty(registration, 'isRegistered', { get: () => this.isRegistered });
    return registration as unknown as Registration;
  }
}

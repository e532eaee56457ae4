import type { GuardOptions } from '../guard/guard-options.js';
import { MassLossGuard } from '../guard/mass-loss-guard.js';
import type { RegisteredInstance } from '../instance/curator-json.js';
import type { InstanceHealth, ServiceInstance } from '../instance/instance.js';
import { Digest } from './digest.js';
import { type Change, History } from './history.js';
import type { GuardNote } from './notes.js';

/**
 * What consumers see of one service, made of registrations, notes of platforms and the guard. Pure: inputs come one by one, and `settle`
 * says what they changed together.
 */
export class ServiceState {
  readonly #registered = new Map<string, RegisteredInstance>();
  readonly #health = new Map<string, InstanceHealth>();
  readonly #guard: MassLossGuard;
  readonly #visible = new Map<string, ServiceInstance>();
  readonly #touched = new Set<string>();
  /** Those that have said that they leave, and are still registered. */
  readonly #leaving = new Set<string>();
  readonly #digest = new Digest();
  #history = new History();
  #wasGuarded = false;

  constructor(guard: GuardOptions | undefined) {
    this.#guard = new MassLossGuard(guard);
  }

  /** All that consumers see, by id, as of the last `settle`. */
  get instances(): ReadonlyMap<string, ServiceInstance> {
    return this.#visible;
  }

  get digest(): string {
    return this.#digest.toString();
  }

  get isGuarded(): boolean {
    return this.#guard.isActive;
  }

  /** When `expire` has something to do. */
  get expiresAtMs(): number | undefined {
    return this.#guard.expiresAtMs;
  }

  registered(instance: RegisteredInstance): void {
    this.#registered.set(instance.id, instance);
    this.#touched.add(instance.id);
    this.#settleGuarded(instance.id);
  }

  unregistered(id: string, nowMs: number): void {
    const registered = this.#registered.get(id);
    if (registered === undefined) return;
    const last = this.#seen(registered);
    this.#registered.delete(id);
    this.#touched.add(id);
    if (!this.#leaving.delete(id)) this.#guard.vanished(last, this.#registered.size, nowMs);
    this.#touchKept();
  }

  /** It left because it wanted to, or will presently. */
  departed(id: string): void {
    if (this.#registered.has(id)) this.#leaving.add(id);
    else this.#settleGuarded(id);
  }

  health(id: string, health: InstanceHealth | undefined): void {
    if (health === undefined) this.#health.delete(id);
    else this.#health.set(id, health);
    this.#touched.add(id);
  }

  /** What the platforms know of an instance that vanished. */
  guardNote(id: string, note: GuardNote, nowMs: number): void {
    if (this.#registered.has(id)) return;
    if (note.verdict === 'dead') this.#settleGuarded(id);
    else this.#guard.reported(note.instance, nowMs);
    this.#touchKept();
  }

  /** The platforms are through with an instance: whoever keeps it lets it go. */
  guardNoteRemoved(id: string): void {
    if (!this.#registered.has(id)) this.#settleGuarded(id);
  }

  isRegistered(id: string): boolean {
    return this.#registered.has(id);
  }

  /** The ids of those whose health is known, and who are no more. */
  get orphanedHealth(): readonly string[] {
    return [...this.#health.keys()].filter((id) => !this.#registered.has(id));
  }

  expire(nowMs: number): void {
    this.#touchKept();
    this.#guard.expire(nowMs);
  }

  #settleGuarded(id: string): void {
    this.#touchKept();
    this.#touched.add(id);
    this.#guard.settled(id);
  }

  /** Whoever is kept may be no more, and the reverse. */
  #touchKept(): void {
    for (const id of this.#guard.kept.keys()) this.#touched.add(id);
  }

  #seen(registered: RegisteredInstance): ServiceInstance {
    return { ...registered, health: this.#health.get(registered.id) ?? 'unknown' };
  }

  #current(id: string): ServiceInstance | undefined {
    const registered = this.#registered.get(id);
    if (registered !== undefined) return this.#seen(registered);
    const kept = this.#guard.kept.get(id);
    return kept === undefined ? undefined : { ...kept.instance, guarded: true };
  }

  /** The state is complete for the first time: nothing was ever told of what it was before. */
  begin(): void {
    this.settle();
    this.#history = new History();
  }

  /** What the inputs since the last time changed for consumers; `undefined` when nothing. */
  settle(): Change | undefined {
    if (this.#touched.size === 0) return undefined;
    const before = this.digest;
    const change = { added: [] as ServiceInstance[], updated: [] as ServiceInstance[], removed: [] as string[] };
    for (const id of this.#touched) {
      const previous = this.#visible.get(id);
      const instance = this.#current(id);
      if (instance === undefined) {
        if (previous !== undefined) change.removed.push(id);
        this.#visible.delete(id);
      } else {
        if (previous !== undefined && JSON.stringify(previous) === JSON.stringify(instance)) continue;
        (previous === undefined ? change.added : change.updated).push(instance);
        this.#visible.set(id, instance);
      }
      this.#digest.put(id, instance);
    }
    this.#touched.clear();
    const guardChanged = this.#wasGuarded !== this.isGuarded;
    this.#wasGuarded = this.isGuarded;
    if (change.added.length + change.updated.length + change.removed.length === 0)
      return guardChanged ? change : undefined;
    this.#history.push(before, change);
    return change;
  }

  /** All that changed since a state with the digest; `undefined` when that is not known. */
  since(digest: string): Change | undefined {
    if (digest === this.digest) return { added: [], updated: [], removed: [] };
    return this.#history.since(digest, this.#visible);
  }
}

/** Where everything is in the ensemble. */
export class Layout {
  constructor(
    /** Curator's base path. */
    readonly root: string,
    /** What Curator has no place for. */
    readonly notesRoot: string,
  ) {}

  /** A container: it goes by itself when its last instance has gone. */
  service(service: string): string {
    return `${this.root}/${service}`;
  }

  /** An ephemeral. */
  instance(service: string, id: string): string {
    return `${this.root}/${service}/${id}`;
  }

  /** What platforms found out about the instances of a service. */
  notes(service: string): string {
    return `${this.notesRoot}/notes/${service}`;
  }

  /** What a platform found out about one instance. */
  note(service: string, kind: NoteKind, id: string): string {
    return `${this.notes(service)}/${kind}/${id}`;
  }

  /** Below it, a znode comes and goes for each instance that leaves because it wants to. */
  departures(service: string): string {
    return `${this.notesRoot}/departures/${service}`;
  }

  departure(service: string, id: string): string {
    return `${this.departures(service)}/${id}`;
  }

  /** Below it, the record of each lease. */
  get leases(): string {
    return `${this.notesRoot}/leases`;
  }

  /** Below it, an ephemeral for each platform. */
  get platforms(): string {
    return `${this.notesRoot}/platforms`;
  }
}

/** `health`: the result of active checks. `guard`: what became of an instance that vanished with many others. */
export type NoteKind = 'health' | 'guard';

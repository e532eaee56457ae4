/** Who may do what: roles, what they are granted on, and the decision. */

/** Each role includes those before it. `reader` looks, `writer` registers and publishes, `admin` also changes the rules: schemas and keys. */
export const ROLES = ['reader', 'writer', 'admin'] as const;

/** What a token may do. */
export type Role = (typeof ROLES)[number];

/** A role on a part of the whole: a namespace of the configuration, services by the beginning of their names, or both. */
export interface Grant {
  readonly role: Role;
  /** A namespace, or `*` for all. */
  readonly namespace?: string | undefined;
  /** The beginning of the names of services, or `*` for all. */
  readonly services?: string | undefined;
}

/** What a request is about. */
export type Subject =
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'service'; readonly service: string }
  /** Lists and metrics, for whoever may see anything; what they show is cut to what the caller may see. */
  | { readonly kind: 'anything' };

/** Somebody who was let in. */
export interface Caller {
  /** The name of the token, for logs and as the author of releases. */
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** Everybody, where no token is needed. */
export const EVERYBODY: Caller = {
  name: 'anonymous',
  grants: [{ role: 'admin', namespace: '*', services: '*' }],
};

/** Whether the caller has the role, or a higher one, on the subject. */
export function mayDo(caller: Caller, role: Role, subject: Subject): boolean {
  return caller.grants.some((grant) => ROLES.indexOf(grant.role) >= ROLES.indexOf(role) && covers(grant, subject));
}

function covers({ namespace, services }: Grant, subject: Subject): boolean {
  switch (subject.kind) {
    case 'namespace':
      return namespace === '*' || namespace === subject.namespace;
    case 'service':
      return services === '*' || (services !== undefined && subject.service.startsWith(services));
    case 'anything':
      return true;
  }
}

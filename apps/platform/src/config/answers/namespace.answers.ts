import { list, record, text } from '../../openapi/schema.js';

/** Which namespaces there are. */
export interface NamespaceList {
  readonly namespaces: readonly string[];
}

/** Which applications there are. */
export interface ApplicationList {
  readonly applications: readonly string[];
}

export const namespaceList = record<NamespaceList>('NamespaceList', 'Namespaces', {
  namespaces: list('Their names', text('A namespace', { example: 'shop' })),
});

export const applicationList = record<ApplicationList>('ApplicationList', 'The applications of a namespace', {
  applications: list('Their names', text('An application', { example: 'pricing' })),
});

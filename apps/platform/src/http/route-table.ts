/** What of an OpenAPI document tells which methods a path takes. */
export interface PathList {
  readonly paths: Readonly<Record<string, object>>;
}

const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'patch', 'delete']);

/** Which methods a path takes, from the OpenAPI document: what is not in it is not there. */
export class RouteTable {
  readonly #routes: readonly { readonly pattern: RegExp; readonly methods: readonly string[] }[];

  constructor({ paths }: PathList) {
    this.#routes = Object.entries(paths).map(([path, operations]) => ({
      pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}/?$`),
      methods: Object.keys(operations)
        .filter((method) => METHODS.has(method))
        .map((method) => method.toUpperCase()),
    }));
  }

  /** In upper case; none when there is no such path. */
  methodsOf(path: string): readonly string[] {
    return this.#routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
  }
}

/** One change of a multi, as `Client.multi` takes it. */
export type MultiOperation =
  | {
      readonly type: 'create';
      readonly path: string;
      readonly data?: Uint8Array | string | null;
      readonly mode?: 'ephemeral';
    }
  | {
      readonly type: 'set';
      readonly path: string;
      readonly data: Uint8Array | string | null;
      readonly version?: number;
    }
  | { readonly type: 'delete'; readonly path: string; readonly version?: number }
  | { readonly type: 'check'; readonly path: string; readonly version: number };

/** The changes of a multi, in short. */
export const ops = {
  create: (path: string, data: Uint8Array | string | null = null): MultiOperation => ({ type: 'create', path, data }),
  set: (path: string, data: Uint8Array, version: number): MultiOperation => ({ type: 'set', path, data, version }),
  createEphemeral: (path: string, data: string): MultiOperation => ({ type: 'create', path, data, mode: 'ephemeral' }),
  delete: (path: string, version = -1): MultiOperation => ({ type: 'delete', path, version }),
  check: (path: string, version: number): MultiOperation => ({ type: 'check', path, version }),
};

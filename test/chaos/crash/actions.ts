/** What a writer asks for, and the request that asks it. */
import { check, closeSession, create, CreateMode, multi, remove, setData, type Request } from '../client/requests.js';

/** An action on one znode whose name the writer knows. */
export type SimpleAction =
  | { readonly kind: 'create'; readonly path: string; readonly data: string; readonly ephemeral: boolean }
  | { readonly kind: 'set'; readonly path: string; readonly data: string; readonly version: number }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | { readonly kind: 'check'; readonly path: string; readonly version: number };

/** Everything that a writer asks for. */
export type Action =
  | SimpleAction
  | { readonly kind: 'create-sequential'; readonly parent: string; readonly data: string }
  | { readonly kind: 'delete-sequential'; readonly data: string; readonly path: string }
  | { readonly kind: 'multi'; readonly parts: readonly SimpleAction[] }
  | { readonly kind: 'close-session' };

/** The request of an action. */
export function requestOf(action: Action): Request {
  switch (action.kind) {
    case 'create-sequential':
      return create(`${action.parent}/s-`, Buffer.from(action.data), CreateMode.sequential);
    case 'delete-sequential':
      return remove(action.path, -1);
    case 'multi':
      return multi(action.parts.map(requestOf));
    case 'close-session':
      return closeSession();
    case 'create':
      return create(action.path, Buffer.from(action.data), action.ephemeral ? CreateMode.ephemeral : 0);
    case 'set':
      return setData(action.path, Buffer.from(action.data), action.version);
    case 'delete':
      return remove(action.path, action.version);
    case 'check':
      return check(action.path, action.version);
  }
}

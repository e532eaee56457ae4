/** What a writer's part of the tree must look like after a number of its actions. Nobody else writes there. */
import { ErrorCode } from '../client/requests.js';
import type { Action, SimpleAction } from './actions.js';

/** A znode that must exist. */
export interface ExpectedNode {
  readonly data: string;
  readonly version: number;
  readonly ephemeral: boolean;
  /** The zxid of the last change, when an acknowledgement told it. */
  readonly mzxid: bigint | undefined;
}

/** What an acknowledgement told beyond success. */
export interface Told {
  readonly zxid?: bigint | undefined;
  readonly createdPath?: string | undefined;
}

/** The model: the simplest program that does what ZooKeeper promises for one writer. */
export class ExpectedTree {
  readonly nodes = new Map<string, ExpectedNode>();
  /** Sequential znodes by their data, which is unique, in the order of their creation; the path once it is known. */
  readonly sequential = new Map<string, string | undefined>();
  sessionOpen = true;

  /** Carries an action out; returns the error code that the server must answer, without effect unless it is ok. */
  apply(action: Action, told: Told = {}): number {
    switch (action.kind) {
      case 'create-sequential':
        this.sequential.set(action.data, told.createdPath);
        return ErrorCode.ok;
      case 'delete-sequential':
        return this.sequential.delete(action.data) ? ErrorCode.ok : ErrorCode.noNode;
      case 'multi':
        return this.#applyAll(action.parts, told);
      case 'close-session':
        this.sessionOpen = false;
        for (const [path, node] of this.nodes) if (node.ephemeral) this.nodes.delete(path);
        return ErrorCode.ok;
      default:
        return this.#applyOne(action, told);
    }
  }

  #applyAll(parts: readonly SimpleAction[], told: Told): number {
    const before = new Map(this.nodes);
    for (const part of parts) {
      const code = this.#applyOne(part, told);
      if (code === ErrorCode.ok) continue;
      this.nodes.clear();
      for (const [path, node] of before) this.nodes.set(path, node);
      return code;
    }
    return ErrorCode.ok;
  }

  #applyOne(action: SimpleAction, { zxid: mzxid }: Told): number {
    const node = this.nodes.get(action.path);
    if (action.kind === 'create') {
      if (node !== undefined) return ErrorCode.nodeExists;
      this.nodes.set(action.path, { data: action.data, version: 0, ephemeral: action.ephemeral, mzxid });
      return ErrorCode.ok;
    }
    if (node === undefined) return ErrorCode.noNode;
    if (action.version !== -1 && action.version !== node.version) return ErrorCode.badVersion;
    if (action.kind === 'delete') this.nodes.delete(action.path);
    if (action.kind === 'set') {
      this.nodes.set(action.path, { ...node, data: action.data, version: node.version + 1, mzxid });
    }
    return ErrorCode.ok;
  }
}

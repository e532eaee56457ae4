import { formatZxid, type SessionId, type Zxid } from '@corral/primitives';
import { ErrorCode, parentPath, sequentialPath, type Stat } from '@corral/model';
import {
  type Answer,
  isSequential,
  isWrite,
  type MultiPart,
  type MultiResult,
  type Request,
  statIn,
} from '../whole/requests.js';
import { BrokenPromiseError } from './broken-promise.js';
import { isRefusal, type ReferenceTree, type ReferenceZnode } from './reference-tree.js';

/** A request that waits for its answer. */
export interface Asked {
  readonly client: string;
  readonly sessionId: SessionId;
  readonly xid: number;
  readonly request: Request;
  /** The newest transaction that anybody had seen when it was sent. */
  readonly seenByAnybody: Zxid;
}

/**
 * Linearizability and sequential consistency. Every answer carries the number of the state that it shows, so the order that has to exist need not be
 * searched for: each answer must be the one that a sequential tree gives in that state, a session's states never go back, and whoever asks for a
 * write or a sync gets no older state than anybody had seen before. That order is then one of real time, for every register and for all of them.
 */
export class AnswersChecker {
  readonly #tree: ReferenceTree;
  /** The newest transaction that anybody has seen. */
  seenByAnybody = 0 as Zxid;
  acknowledgedWrites = 0;

  constructor(tree: ReferenceTree) {
    this.#tree = tree;
  }

  /** `lastZxid` is the newest transaction that the session has seen. @throws BrokenPromiseError */
  answered(asked: Asked, answer: Answer, lastZxid: Zxid): void {
    const { code, xid, zxid } = answer;
    const { request } = asked;
    if (xid !== asked.xid) this.#broken('Order', asked, answer, `request ${String(asked.xid)} came before`);
    if (zxid < lastZxid) {
      this.#broken('SequentialConsistency', asked, answer, `the session has seen ${formatZxid(lastZxid)}`);
    }
    if (zxid > this.#tree.lastZxid) this.#broken('Durability', asked, answer, 'it is not committed');
    if (request.kind === 'sync' && code === ErrorCode.ok) this.#checkRealTime(asked, answer, zxid);
    if (zxid > this.seenByAnybody) this.seenByAnybody = zxid;
    if (isWrite(request)) {
      if (code === ErrorCode.ok && !failedMulti(answer)) this.#granted(asked, answer);
      else this.#refused(asked, answer);
    } else if ('watch' in request) this.#read(asked, answer);
    else if (code !== ErrorCode.ok && code !== ErrorCode.notReadOnly)
      this.#broken('Answer', asked, answer, 'it cannot fail');
  }

  /** What a write or a sync rests on is as new as all that anybody had seen when it was asked for. */
  #checkRealTime(asked: Asked, answer: Answer, zxid: Zxid): void {
    if (zxid >= asked.seenByAnybody) return;
    const seen = formatZxid(asked.seenByAnybody);
    this.#broken(
      'Linearizability',
      asked,
      answer,
      `it rests on ${formatZxid(zxid)}, and somebody had seen ${seen} before`,
    );
  }

  #granted(asked: Asked, answer: Answer): void {
    const { request, sessionId, xid } = asked;
    const outcome = this.#tree.outcomeOf(sessionId, xid);
    if (outcome === undefined || isRefusal(outcome.change) || outcome.header.zxid > answer.zxid) {
      this.#broken('Linearizability', asked, answer, 'it is acknowledged, and not committed');
    }
    const { zxid } = outcome.header;
    this.acknowledgedWrites += 1;
    this.#checkRealTime(asked, answer, zxid);
    const results = request.kind === 'multi' ? (answer.body as MultiResult[]) : [answer.body];
    partsOf(request).forEach((part, place) => {
      const refusals = this.#refusalsOf(part, (zxid - 1) as Zxid);
      if (refusals.length > 0) {
        this.#broken(
          'Linearizability',
          asked,
          answer,
          `part ${String(place)} should be refused: ${refusals.join(' or ')}`,
        );
      }
      this.#checkResult(asked, { ...answer, zxid }, part, results[place]);
    });
  }

  /** The state right after it is what the answer tells, as far as it tells anything. */
  #checkResult(asked: Asked, answer: Answer, part: MultiPart, result: unknown): void {
    if (part.kind === 'setData') {
      this.#checkStat(asked, answer, part.path, statIn(result));
    } else if (part.kind === 'create') {
      const creates = this.#tree.at(parentPath(part.path), (answer.zxid - 1) as Zxid)?.creates ?? 0;
      const expected = isSequential(part.flags) ? sequentialPath(part.path, creates) : part.path;
      const path = typeof result === 'object' && result !== null && 'path' in result ? result.path : result;
      if (path !== expected) this.#broken('Answer', asked, answer, `the path is ${expected}, not ${String(path)}`);
      if (this.#tree.at(expected, answer.zxid)?.czxid !== answer.zxid) {
        this.#broken('Linearizability', asked, answer, `${expected} was not created`);
      }
    }
  }

  #refused(asked: Asked, answer: Answer): void {
    const { code } = answer;
    // For a moment nobody writes: the leader has no number left in its epoch.
    if (code === ErrorCode.notReadOnly) return;
    const zxid = this.#tree.outcomeOf(asked.sessionId, asked.xid)?.header.zxid ?? answer.zxid;
    this.#checkRealTime(asked, answer, zxid);
    const parts = partsOf(asked.request);
    const refusals = parts.map((part) => this.#refusalsOf(part, zxid));
    const failed = refusals.findIndex((codes) => codes.length > 0);
    const told = failedMulti(answer) ? (answer.body as MultiResult[]).map(codeOf) : [code];
    const place = told.findIndex((each) => each !== ErrorCode.ok);
    if (failed === -1 || place !== failed || !refusals[failed]!.includes(told[place]!)) {
      const expected = failed === -1 ? 'nothing' : `part ${String(failed)} (${refusals[failed]!.join(' or ')})`;
      this.#broken('Linearizability', asked, answer, `${expected} should be refused, not ${told.join(',')}`);
    }
  }

  /** Why a write cannot be granted in this state. */
  #refusalsOf(part: MultiPart, zxid: Zxid): number[] {
    const znode = this.#tree.at(part.path, zxid);
    if (part.kind === 'create') {
      const parent = this.#tree.at(parentPath(part.path), zxid);
      if (parent === undefined) return [ErrorCode.noNode];
      if (parent.owner !== 0n) return [ErrorCode.noChildrenForEphemerals, ErrorCode.nodeExists];
      return znode === undefined || isSequential(part.flags) ? [] : [ErrorCode.nodeExists];
    }
    if (znode === undefined) return [ErrorCode.noNode];
    const codes: number[] = [];
    if (part.version !== -1 && part.version !== znode.version) codes.push(ErrorCode.badVersion);
    if (part.kind === 'delete' && znode.children.size > 0) codes.push(ErrorCode.notEmpty);
    return codes;
  }

  #read(asked: Asked, answer: Answer): void {
    const { request } = asked;
    if (!('watch' in request)) return;
    const znode = this.#tree.at(request.path, answer.zxid);
    const code = znode === undefined ? ErrorCode.noNode : ErrorCode.ok;
    if (answer.code !== code) this.#broken('Read', asked, answer, `the code should be ${String(code)}`);
    if (znode === undefined) return;
    const body = answer.body as { data?: Uint8Array | null; children?: readonly string[] };
    this.#checkStat(asked, answer, request.path, statIn(body));
    if (request.kind === 'getData') {
      const data = Buffer.from(body.data ?? []).toString('latin1');
      if (data !== znode.data) this.#broken('Read', asked, answer, `the data is ${znode.data}, not ${data}`);
    } else if (request.kind === 'getChildren2') {
      const told = [...(body.children ?? [])].sort().join(',');
      const children = [...znode.children].sort().join(',');
      if (told !== children) this.#broken('Read', asked, answer, `the children are [${children}], not [${told}]`);
    }
  }

  #checkStat(asked: Asked, answer: Answer, path: string, stat: Stat | undefined): void {
    if (stat === undefined) this.#broken('Answer', asked, answer, 'it tells no stat');
    const znode = this.#tree.at(path, answer.zxid);
    const expected = znode === undefined ? 'nothing' : statText(znode);
    const told = [
      stat.czxid,
      stat.mzxid,
      stat.pzxid,
      stat.ctimeMs,
      stat.mtimeMs,
      stat.version,
      stat.cversion,
      stat.ephemeralOwner,
      stat.numChildren,
    ].join(' ');
    if (told !== expected) this.#broken('Read', asked, answer, `the stat is ${expected}, not ${told}`);
  }

  #broken(invariant: string, { client, request, xid }: Asked, { code, zxid }: Answer, why: string): never {
    const what = `${client}.${String(xid)} ${JSON.stringify(request)}`;
    throw new BrokenPromiseError(invariant, `${what} is answered ${String(code)} at ${formatZxid(zxid)}: ${why}`);
  }
}

function partsOf(request: Request): readonly MultiPart[] {
  return request.kind === 'multi' ? request.parts : [request as MultiPart];
}

const failedMulti = ({ body }: Answer): boolean =>
  Array.isArray(body) && (body as MultiResult[]).some((result) => 'code' in result);

const codeOf = (result: MultiResult): number => ('code' in result ? result.code : ErrorCode.ok);

function statText(znode: ReferenceZnode): string {
  const { czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, cversion, owner, children } = znode;
  return [czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, cversion, owner, children.size].join(' ');
}

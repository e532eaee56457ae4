import { OpCode } from '@corral/model';
import {
  answerExists,
  answerGetAcl,
  answerGetAllChildrenNumber,
  answerGetChildren,
  answerGetChildren2,
  answerGetData,
  answerGetEphemerals,
  answerMultiRead,
  answerWhoAmI,
  type ReadAnswer,
} from './reads.js';
import {
  answerAddWatch,
  answerCheckWatches,
  answerRemoveWatches,
  setWatches2AnswerWith,
  setWatchesAnswerWith,
} from './watches.js';
import type { WatchEvents } from '../watch-events.js';

/** How one kind of read is answered. */
export interface Read {
  /** The name under which `cons` shows it. */
  readonly name: string;
  readonly answer: ReadAnswer;
  /** Its reply is a header alone, and answering may append events before it. */
  readonly bodiless: boolean;
}

/** The reads by op code, as an array because every request looks here first. */
export function readTable(watchEvents: WatchEvents): readonly (Read | undefined)[] {
  const table: (Read | undefined)[] = [];
  const add = (type: number, name: string, answer: ReadAnswer, bodiless = false): void => {
    table[type] = { name, answer, bodiless };
  };
  add(OpCode.exists, 'EXIS', answerExists);
  add(OpCode.getData, 'GETD', answerGetData);
  add(OpCode.getAcl, 'GETA', answerGetAcl);
  add(OpCode.getChildren, 'GETC', answerGetChildren);
  add(OpCode.getChildren2, 'GETC', answerGetChildren2);
  add(OpCode.getAllChildrenNumber, 'GETACN', answerGetAllChildrenNumber);
  add(OpCode.getEphemerals, 'GETE', answerGetEphemerals);
  add(OpCode.multiRead, 'MLTR', answerMultiRead);
  add(OpCode.whoAmI, 'HOMI', answerWhoAmI);
  add(OpCode.addWatch, 'ADDW', answerAddWatch);
  add(OpCode.checkWatches, 'CHKW', answerCheckWatches, true);
  add(OpCode.removeWatches, 'REMW', answerRemoveWatches, true);
  add(OpCode.setWatches, 'SETW', setWatchesAnswerWith(watchEvents.deliver), true);
  add(OpCode.setWatches2, 'STW2', setWatches2AnswerWith(watchEvents.deliver), true);
  return table;
}

/** The names under which `cons` shows writes. */
export const WRITE_NAMES: Readonly<Record<number, string>> = {
  [OpCode.create]: 'CREA',
  [OpCode.create2]: 'CREA',
  [OpCode.createContainer]: 'CREA',
  [OpCode.createTtl]: 'CREA',
  [OpCode.delete]: 'DELE',
  [OpCode.setData]: 'SETD',
  [OpCode.setAcl]: 'SETA',
  [OpCode.check]: 'CHEC',
  [OpCode.multi]: 'MULT',
  [OpCode.reconfig]: 'RECO',
  [OpCode.sync]: 'SYNC',
  [OpCode.createSession]: 'SESS',
  [OpCode.closeSession]: 'CLOS',
};

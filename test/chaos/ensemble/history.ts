/** What clients saw of registers, and whether one order explains it. */

/** One write of a register that was answered. Every answer tells the version that the write made. */
export interface AnsweredWrite {
  readonly register: string;
  readonly value: string;
  readonly version: number;
  readonly invokedAtMs: number;
  readonly answeredAtMs: number;
}

/**
 * Looks for writes whose versions contradict time: one that was answered before another began must have the lower version. With the versions
 * as the order, that is all there is to linearizability. Returns sentences; none when all is well.
 */
export function contradictions(writes: readonly AnsweredWrite[]): string[] {
  const found: string[] = [];
  for (const [register, group] of groupByRegister(writes)) {
    const byVersion = [...group].sort((a, b) => b.version - a.version);
    let earliest: AnsweredWrite | undefined;
    let previous: AnsweredWrite | undefined;
    for (const write of byVersion) {
      if (previous?.version === write.version) {
        found.push(`${register}: version ${write.version} was given to ${write.value} and to ${previous.value}`);
      }
      if (earliest !== undefined && earliest.answeredAtMs < write.invokedAtMs) {
        found.push(
          `${register}: ${earliest.value} was answered as version ${earliest.version} before ${write.value} began, ` +
            `which became version ${write.version}`,
        );
      }
      if (earliest === undefined || write.answeredAtMs < earliest.answeredAtMs) earliest = write;
      previous = write;
    }
  }
  return found;
}

function groupByRegister(writes: readonly AnsweredWrite[]): Map<string, AnsweredWrite[]> {
  const groups = new Map<string, AnsweredWrite[]>();
  for (const write of writes) {
    const group = groups.get(write.register);
    if (group === undefined) groups.set(write.register, [write]);
    else group.push(write);
  }
  return groups;
}

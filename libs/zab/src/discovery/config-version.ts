/** More bytes than the last line of a configuration has. */
const LAST_LINE_BYTES_MAX = 32;

/**
 * The version of a configuration as members show it to each other: its last line, `version=` and a hexadecimal number. It goes up with every
 * `reconfig` of an Apache ensemble. 0 where nothing is said.
 */
export function configVersionOf(config: Uint8Array | null): number {
  if (config === null) return 0;
  const end = String.fromCharCode(...config.subarray(-LAST_LINE_BYTES_MAX));
  const digits = /(?:^|\n)version=([0-9a-f]{1,16})\s*$/.exec(end)?.[1];
  return digits === undefined ? 0 : Number.parseInt(digits, 16);
}

const CURE = 'Give it the list that the others have (dynamicConfigFile in zoo.cfg) and restart it';

/** What an operator is told while the ensemble changes its members: whoever does not go along may be in a quorum that is none any more. */
export const MEMBERS_CHANGE = `the members of this ensemble are changed by reconfig, which this one does not follow. ${CURE}`;

/** What an operator is told whose member uses an older list of members than its leader: two lists can have two quorums. */
export function outdatedConfig(leaderVersion: number, ownVersion: number): string {
  return (
    `the leader's list of members has version ${leaderVersion.toString(16)}, and this member's has ${ownVersion.toString(16)}: the ensemble ` +
    `was changed by reconfig. ${CURE}`
  );
}

/** The same requests on Apache ZooKeeper and on Corral: every field of every reply and event is the same, or listed. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApache, startCorral } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { repositoryRoot } from '../harness/repository.js';
import { covers, listedDifferences, type ListedDifference } from './listed-differences.js';
import { groups } from './scenarios/index.js';
import { compareTranscripts, describeDifference } from './stage/compare.js';
import { playGroup, type Transcripts } from './stage/play.js';

const GROUP_TIMEOUT_MS = 180_000;

describeWith('Corral answers as Apache ZooKeeper does', [needsApache, needsCorral], () => {
  const occurred = new Set<ListedDifference>();
  let stepsCompared = 0;

  for (const group of groups) {
    describe(`with ${group.name}`, () => {
      let apache: Transcripts;
      let corral: Transcripts;

      beforeAll(async () => {
        apache = await playGroup(group, startApache);
        corral = await playGroup(group, startCorral);
      }, GROUP_TIMEOUT_MS);

      for (const { name } of group.scenarios) {
        it(name, () => {
          const expected = apache.get(name) ?? [];
          expect(expected.map((step) => step.label)).not.toContain('the scenario failed');
          stepsCompared += expected.length;
          const unlisted = compareTranscripts(name, expected, corral.get(name) ?? []).filter((difference) => {
            const listed = listedDifferences.filter((entry) => covers(entry, difference));
            for (const entry of listed) occurred.add(entry);
            return listed.length === 0;
          });
          expect(unlisted.map(describeDifference)).toEqual([]);
        });
      }
    });
  }

  // Last, because it judges what all the scenarios above have seen; tests of a file run in order.
  describe('the list of differences', () => {
    it('names only differences that still occur', () => {
      expect(listedDifferences.filter((entry) => !occurred.has(entry))).toEqual([]);
    });

    it('is justified in test/interop/README.md, entry by entry', () => {
      const readme = readFileSync(`${repositoryRoot()}/test/interop/README.md`, 'utf8');
      const justified = [...readme.matchAll(/^### (.+)$/gm)].map((heading) => heading[1]);
      expect([...new Set(listedDifferences.map((entry) => entry.reason))].sort()).toEqual(justified.sort());
    });
  });

  afterAll(() => {
    process.stderr.write(`differential suite: ${stepsCompared} steps compared\n`);
  });
});

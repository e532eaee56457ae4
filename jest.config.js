/** The Jest projects. Each has an npm script, which takes a path: `npm run test:unit -- libs/znode`. */

import jestProjectModule from './config/tooling/jest-project.cjs';

const { jestProject } = jestProjectModule;
const inTest = (folder) => [`<rootDir>/test/${folder}/**/*.spec.ts`];
const unit = ['<rootDir>/libs/*/src/**/*.spec.ts', '<rootDir>/apps/*/src/**/*.spec.ts'];

// A limit is there to end a test that hangs; it is far above what the test needs on a busy machine.
const seconds = (count) => count * 1000;

export default {
  projects: [
    jestProject('unit', unit, seconds(20)),
    jestProject('tidy', inTest('tidy'), seconds(60)),
    jestProject('fuzz', inTest('fuzz'), seconds(180)),
    jestProject('simulation', inTest('simulation'), seconds(600)),
    jestProject('e2e', inTest('e2e'), seconds(60)),
    jestProject('interop', inTest('interop'), seconds(180)),
    jestProject('chaos', inTest('chaos'), seconds(600)),
  ],
};

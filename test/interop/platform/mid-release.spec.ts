import { describeMidRelease } from '../../e2e/platform/mid-release.suite.js';
import { Stage } from '../../e2e/platform/stage.js';
import { startApache } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

describeWith('a platform on Apache ZooKeeper', [needsApache, needsCorral], () => {
  describeMidRelease(async () => new Stage(await startApache()));
});

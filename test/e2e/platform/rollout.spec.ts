import { startCorral } from '../../interop/harness/index.js';
import { describeRollouts } from './rollout.suite.js';
import { Stage } from './stage.js';

describeRollouts(async () => new Stage(await startCorral()));

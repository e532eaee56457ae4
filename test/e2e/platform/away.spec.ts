import { startCorral } from '../../interop/harness/index.js';
import { describeAway } from './away.suite.js';
import { Stage } from './stage.js';

describeAway(async () => new Stage(await startCorral()));

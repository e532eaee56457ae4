import { startCorral } from '../../interop/harness/index.js';
import { describeConfigApi } from './config-api.suite.js';
import { Stage } from './stage.js';

describeConfigApi(async () => new Stage(await startCorral()));

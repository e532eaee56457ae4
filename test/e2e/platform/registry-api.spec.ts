import { startCorral } from '../../interop/harness/index.js';
import { describeRegistryApi } from './registry-api.suite.js';
import { Stage } from './stage.js';

describeRegistryApi(async () => new Stage(await startCorral()));

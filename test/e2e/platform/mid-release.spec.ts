import { startCorral } from '../../interop/harness/index.js';
import { describeMidRelease } from './mid-release.suite.js';
import { Stage } from './stage.js';

describeMidRelease(async () => new Stage(await startCorral()));

import { describe } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { demoMeshSuite } from './demo-mesh.suite.js';

describe('the demo mesh on Corral', () => {
  demoMeshSuite(() => startCorral());
});

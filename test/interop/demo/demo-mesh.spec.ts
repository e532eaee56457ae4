import { demoMeshSuite } from '../../e2e/demo/demo-mesh.suite.js';
import { startApache } from '../harness/index.js';
import { describeWith, needsApache } from '../harness/requirements.js';

describeWith('the demo mesh on Apache ZooKeeper', [needsApache], () => {
  demoMeshSuite(() => startApache());
});

/** ZooKeeper's Java client: our program that goes through its whole interface. */
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { itBehavesTheSameOnBothServers } from './support/compare.js';
import { compileJava, javaCommand } from './support/java.js';
import { needsJavaCompiler } from './support/tools.js';

describeWith('Java client', [needsApache, needsCorral, needsJavaCompiler], () => {
  itBehavesTheSameOnBothServers({
    settings: {
      // So that the chapter about containers and TTL nodes does not wait for a minute.
      'znode.container.checkIntervalMs': '500',
      enforceQuota: 'true',
    },
    prepare: () => {
      const classes = compileJava(['common', 'client']);
      return javaCommand(classes, 'ClientProgram', ['%direct', '%cuttable'], 240_000);
    },
  });
});

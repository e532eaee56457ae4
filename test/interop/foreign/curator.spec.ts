/** Curator's recipes: our program that uses them with several clients at once. */
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { itBehavesTheSameOnBothServers } from './support/compare.js';
import { compileJava, javaCommand } from './support/java.js';
import { needsCurator, needsJavaCompiler } from './support/tools.js';

describeWith("Curator's recipes", [needsApache, needsCorral, needsJavaCompiler, needsCurator], () => {
  itBehavesTheSameOnBothServers({
    prepare: () => {
      const classes = compileJava(['common', 'curator']);
      return javaCommand(classes, 'CuratorProgram', ['%direct', '%cuttable'], 240_000);
    },
  });
});

/** Compiles and starts Java programs, against Debian's jars unless told otherwise. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramCommand } from './scripted-program.js';
import { FOREIGN_DIRECTORY, JAR_DIRECTORY, buildDirectory } from './tools.js';

/** To compile against, all must be named; the manifests that name the rest are read at run time only. */
const JARS = [
  'zookeeper.jar',
  'zookeeper-jute.jar',
  'curator-client.jar',
  'curator-framework.jar',
  'curator-recipes.jar',
  'curator-x-discovery.jar',
  'slf4j-api.jar',
  'slf4j-simple.jar',
];

const CLASS_PATH = JARS.map((jar) => join(JAR_DIRECTORY, jar)).join(':');

/** JVMs share two cores and little memory with the servers under test. */
const JVM_FLAGS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dfile.encoding=UTF-8'];

/** Compiles the sources of these folders of `java/` together; returns the directory of the classes. */
export function compileJava(folders: readonly string[], classPath = CLASS_PATH): string {
  const classes = buildDirectory('java');
  const sources = folders.flatMap((folder) => {
    const directory = join(FOREIGN_DIRECTORY, 'java', folder);
    const names = readdirSync(directory).filter((name) => name.endsWith('.java'));
    return names.map((name) => join(directory, name));
  });
  execFileSync('javac', ['-J-Xmx256m', '-encoding', 'UTF-8', '-d', classes, '-cp', classPath, ...sources], {
    stdio: 'pipe',
  });
  return classes;
}

/** How to run a class; `classes` is empty for one that is in the jars. */
export function javaCommand(
  classes: string,
  mainClass: string,
  args: readonly string[],
  timeoutMs: number,
  classPath = CLASS_PATH,
): ProgramCommand {
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
  return {
    command: 'java',
    arguments: [...JVM_FLAGS, logging, '-cp', `${classes}:${classPath}`, mainClass, ...args],
    timeoutMs,
  };
}

/**
 * Programs whose jars Debian does not have: Maven fetches them. Such a suite is run by hand, with `CORRAL_MAVEN=1`, for no build of
 * ours may depend on what a registry serves today.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { describeWith, needsCorral } from '../../harness/requirements.js';
import { FOREIGN_DIRECTORY, buildDirectory, needsJavaCompiler, needsMaven } from './tools.js';

/** Like `describe`; counted as skipped, in CI too, unless `CORRAL_MAVEN=1`. */
export function describeWithMaven(title: string, suite: () => void): void {
  if (process.env['CORRAL_MAVEN'] === '1') describeWith(title, [needsCorral, needsJavaCompiler, needsMaven], suite);
  else describe(title, () => it.skip('skipped: run by hand, with CORRAL_MAVEN=1', () => undefined));
}

/** The jars that `java/<folder>/pom.xml` names, as a class path; `versions` are instead of those in the file. */
export function mavenClassPath(folder: string, versions: Readonly<Record<string, string>> = {}): string {
  const jars = buildDirectory('jars');
  const pom = join(FOREIGN_DIRECTORY, 'java', folder, 'pom.xml');
  const chosen = Object.entries(versions).map(([name, version]) => `-D${name}=${version}`);
  const fetching = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`, ...chosen];
  execFileSync('mvn', fetching, { stdio: 'pipe' });
  return join(jars, '*');
}

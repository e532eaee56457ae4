/** What the suites here need besides the servers, each named with the Debian package that has it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../harness/repository.js';
import type { Requirement } from '../../harness/requirements.js';

/** Where Debian puts jars; another place can be named, for other distributions. */
export const JAR_DIRECTORY = process.env['CORRAL_JAVA_JARS'] ?? '/usr/share/java';

/** Debian's own Python, which sees Debian's Python packages; another can be named. */
export const PYTHON = process.env['CORRAL_PYTHON'] ?? '/usr/bin/python3';

/** The C client's command line, as Debian installs it. */
export const CLI_MT = '/usr/lib/zookeeper/bin/cli_mt';

/** Where the sources of our client programs are, also when this file runs from a build. */
export const FOREIGN_DIRECTORY = join(repositoryRoot(), 'test/interop/foreign');

/** Needs the C client's library and a compiler. */
export const needsCClient: Requirement = () =>
  whyNotRuns('gcc', ['--version'], 'gcc') ?? whyNoFile('/usr/include/zookeeper/zookeeper.h', 'libzookeeper-mt-dev');

/** Needs the C client's command line. */
export const needsCliMt: Requirement = () => whyNoFile(CLI_MT, 'zookeeper-bin');

/** Needs a Java compiler. */
export const needsJavaCompiler: Requirement = () => whyNotRuns('javac', ['-version'], 'default-jdk-headless');

/** Needs Maven, and its registry within reach. */
export const needsMaven: Requirement = () => whyNotRuns('mvn', ['-version'], 'maven');

/** Needs Curator and its service discovery. */
export const needsCurator: Requirement = () =>
  whyNoFile(join(JAR_DIRECTORY, 'curator-recipes.jar'), 'libcurator-recipes-java') ??
  whyNoFile(join(JAR_DIRECTORY, 'curator-x-discovery.jar'), 'libcurator-discovery-java');

/** Needs kazoo with its tests, and what those import. */
export const needsKazoo: Requirement = () =>
  whyNotRuns(PYTHON, ['-c', 'import kazoo.tests'], 'python3-kazoo') ??
  whyNotRuns(PYTHON, ['-c', 'import pytest'], 'python3-pytest') ??
  whyNotRuns(PYTHON, ['-c', 'import mock'], 'python3-mock') ??
  whyNotRuns(PYTHON, ['-c', 'import objgraph'], 'python3-objgraph') ??
  whyNotRuns(PYTHON, ['-c', 'import gevent'], 'python3-gevent') ??
  whyNotRuns(PYTHON, ['-c', 'import eventlet'], 'python3-eventlet');

/** A directory for what is compiled; removed when the test process exits. */
export function buildDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `corral-${name}-`));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function whyNoFile(file: string, debianPackage: string): string | undefined {
  return existsSync(file) ? undefined : `${file} is missing (Debian: apt-get install ${debianPackage})`;
}

function whyNotRuns(command: string, args: readonly string[], debianPackage: string): string | undefined {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return undefined;
  } catch {
    return `"${[command, ...args].join(' ')}" fails (Debian: apt-get install ${debianPackage})`;
  }
}

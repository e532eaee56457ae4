import { CORRAL_VERSION, ZOOKEEPER_VERSION } from '@corral/coordinator';
import { parseArgs } from 'node:util';
import { type Command, ExitCode } from '../command.js';

/** `corral version` */
export const version: Command = {
  usage: '',
  summary: 'print the version',
  details: '',
  run: async (args) => {
    parseArgs({ args: [...args], options: {} });
    console.log(`corral ${CORRAL_VERSION} (protocol of ZooKeeper ${ZOOKEEPER_VERSION}, node ${process.versions.node})`);
    return ExitCode.ok;
  },
};

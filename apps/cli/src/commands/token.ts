import { hashToken, makeToken } from '@corral/platform';
import { parseArgs } from 'node:util';
import { type Command, ExitCode, UsageError } from '../command.js';

const ROLES = ['reader', 'writer', 'admin'];

/** `corral token NAME` */
export const token: Command = {
  usage: 'NAME',
  summary: "make a token for a platform's token file",
  details: [
    'The entry goes to standard output, the token itself to standard error: it is',
    'shown once and kept nowhere.',
    '',
    '  --role ROLE            reader (default), writer or admin',
    '  --namespace NAMESPACE  configuration it is for; * for all',
    '  --services PREFIX      services it is for, by how their names begin; * for all',
    '',
    'Example: corral token ann --role writer --services shop- >> tokens.yaml',
    'The file begins with a line "tokens:"; a platform reads it again when it',
    'changes.',
  ].join('\n'),
  run: async (args) => {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: {
        role: { type: 'string', default: 'reader' },
        namespace: { type: 'string' },
        services: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError('token takes one name');
    const { role, namespace, services } = values;
    if (!ROLES.includes(role)) throw new UsageError(`--role takes ${ROLES.join(', ')}, not ${JSON.stringify(role)}`);
    if (namespace === undefined && services === undefined) {
      throw new UsageError('say what the token is for: --namespace, --services or both; * for all');
    }
    const secret = makeToken();
    const grant = { role, namespace, services };
    console.log(`  - name: ${JSON.stringify(name)}`);
    console.log(`    sha256: ${hashToken(secret).toString('hex')}`);
    console.log(`    grants: [${JSON.stringify(grant)}]`);
    console.error(secret);
    return ExitCode.ok;
  },
};

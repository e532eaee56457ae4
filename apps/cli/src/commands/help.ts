import { type Command, type CommandTable, ExitCode, UsageError } from '../command.js';

/** `corral help [COMMAND]` */
export const help: Command = {
  usage: '[COMMAND]',
  summary: 'explain a command, or list them',
  details: '',
  run: async ([name, ...more], commands) => {
    if (more.length > 0) throw new UsageError('help explains one command at a time');
    console.log(name === undefined ? await overview(commands) : await explain(name, commands));
    return ExitCode.ok;
  },
};

async function overview(commands: CommandTable): Promise<string> {
  const loaded = await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()] as const));
  const synopses = loaded.map(([name, { usage, summary }]) => [`${name} ${usage}`, summary] as const);
  const width = Math.max(...synopses.map(([synopsis]) => synopsis.length));
  const lines = synopses.map(([synopsis, summary]) => `  corral ${synopsis.padEnd(width)}  ${summary}`);
  return `A coordination server that ZooKeeper's clients use unchanged.\n\n${lines.join('\n')}`;
}

async function explain(name: string, commands: CommandTable): Promise<string> {
  if (!Object.hasOwn(commands, name)) {
    throw new UsageError(
      `there is no command ${JSON.stringify(name)}; the commands are ${Object.keys(commands).join(', ')}`,
    );
  }
  const command = await commands[name]?.();
  const { usage = '', summary = '', details = '' } = command ?? {};
  return [`corral ${name} ${usage}`.trimEnd(), summary, details].filter((part) => part !== '').join('\n\n');
}

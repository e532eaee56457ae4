import { expect, it, jest } from '@jest/globals';
import { commands } from '../commands.js';
import { help } from './help.js';

it.each(Object.keys(commands))('corral help %s fits a terminal of 80 columns', async (name) => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await help.run([name], commands);
  const lines = print.mock.calls.flatMap(([text]) => String(text).split('\n'));
  print.mockRestore();
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

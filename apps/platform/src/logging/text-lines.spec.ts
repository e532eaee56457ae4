import { describe, expect, it } from '@jest/globals';
import { textLine } from './text-lines.js';

describe('a log line for people', () => {
  it('has time, level, component, message and facts', () => {
    const json = '{"level":"warn","time":0,"component":"ensemble","msg":"away","state":"suspended","for":"a while"}';
    expect(textLine(json)).toBe('1970-01-01T00:00:00.000Z WARN  ensemble  away state=suspended for="a while"\n');
  });

  it('is one line, whatever a caller put into it', () => {
    const line = textLine(JSON.stringify({ level: 'info', time: 0, msg: 'a\nb\u001b[0m', url: '/x\ny' }));
    for (const character of ['\n', '\u001b']) expect(line.trimEnd()).not.toContain(character);
  });
});

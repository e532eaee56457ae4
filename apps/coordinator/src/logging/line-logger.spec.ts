import { describe, expect, it } from '@jest/globals';
import { describeError, LineLogger, type LogLevel } from './line-logger.js';

function linesOf(level: LogLevel, use: (lines: LineLogger) => void): string[] {
  const written: string[] = [];
  use(new LineLogger({ level, write: (line) => written.push(line), wallClockMs: () => 0 }));
  return written;
}

describe('LineLogger', () => {
  it('writes time, level, component, message and facts', () => {
    const written = linesOf('info', (lines) => {
      lines.component('storage')('info', 'replayed the log', { transactions: 3, from: '0x1', note: undefined });
    });
    expect(written).toEqual(['1970-01-01T00:00:00.000Z INFO  storage   replayed the log transactions=3 from=0x1\n']);
  });

  it('quotes values that could be taken for something else, and shows errors with their causes', () => {
    const written = linesOf('info', (lines) => {
      const cause = new Error('it broke', { cause: new Error('ENOSPC') });
      lines.component('x')('warn', 'm', { path: '/a b', empty: '', id: 5n, list: [1], cause });
    });
    expect(written[0]).toContain('m path="/a b" empty="" id=5 list=[1] cause="it broke: ENOSPC"\n');
  });

  it('leaves out what is less important than the level', () => {
    const written = linesOf('warn', (lines) => {
      const log = lines.component('x');
      for (const level of ['error', 'warn', 'info', 'debug'] as const) log(level, level);
    });
    expect(written).toHaveLength(2);
  });

  it('stays on one line whatever a client sends', () => {
    const written = linesOf('info', (lines) => {
      lines.component('x')('info', 'a\nb\u001b[31m\u2028', { word: 'c\r\nd' });
    });
    expect(written).toEqual(['1970-01-01T00:00:00.000Z INFO  x         a\\nb\\x1b[31m\\x2028 word="c\\r\\nd"\n']);
  });
});

describe('describeError', () => {
  it('does not repeat a cause that the message tells already', () => {
    expect(describeError(new Error('cannot write: ENOSPC', { cause: new Error('ENOSPC') }))).toBe(
      'cannot write: ENOSPC',
    );
  });
});

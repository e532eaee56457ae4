import { describe, expect, it } from '@jest/globals';
import { Answers } from './answers.js';
import { whole, part, text } from './schema.js';

interface Named {
  readonly name: string;
}

const named = part<Named>('Something with a name', { name: text('How it is called') });
const other = part<{ readonly name: string; readonly count: number }>('More', { name: text(''), count: whole('') });

class Handlers {
  @Answers(200, named, 'At once')
  now(): Named {
    return { name: 'a' };
  }

  @Answers(200, named, 'Later')
  later(_input: string): Promise<Named> {
    return Promise.resolve({ name: 'a' });
  }

  // @ts-expect-error -- the document promises more than there is
  @Answers(200, other, 'Too much')
  tooMuch(): Promise<Named> {
    return this.later('');
  }

  // @ts-expect-error -- there is more than the document says
  @Answers(200, named, 'Too little')
  tooLittle(): Promise<{ name: string; count: number }> {
    return Promise.resolve({ name: 'a', count: 1 });
  }
}

describe('what a handler answers', () => {
  // The build compiles this file: it fails where a line that must not compile does.
  it('is what its schema says, or it does not compile', async () => {
    expect(await new Handlers().later('')).toEqual(new Handlers().now());
  });
});

import { describe, expect, it } from '@jest/globals';
import { type Caller, EVERYBODY, type Grant, mayDo, type Role, type Subject } from './access.js';

const with_ = (...grants: Grant[]): Caller => ({ name: 'test', grants });
const namespace = (name: string): Subject => ({ kind: 'namespace', namespace: name });
const service = (name: string): Subject => ({ kind: 'service', service: name });

describe('what a token may do', () => {
  it.each<[string, Caller, Role, Subject, boolean]>([
    ['a reader reads his namespace', with_({ role: 'reader', namespace: 'shop' }), 'reader', namespace('shop'), true],
    ['a reader does not write', with_({ role: 'reader', namespace: 'shop' }), 'writer', namespace('shop'), false],
    ['a writer reads', with_({ role: 'writer', namespace: 'shop' }), 'reader', namespace('shop'), true],
    [
      'a writer does not change the rules',
      with_({ role: 'writer', namespace: 'shop' }),
      'admin',
      namespace('shop'),
      false,
    ],
    [
      'nobody gets at the next namespace',
      with_({ role: 'admin', namespace: 'shop' }),
      'reader',
      namespace('shop2'),
      false,
    ],
    ['a namespace is no service', with_({ role: 'admin', namespace: '*' }), 'reader', service('shop'), false],
    [
      'services go by the beginning of their names',
      with_({ role: 'writer', services: 'shop-' }),
      'writer',
      service('shop-a'),
      true,
    ],
    ['and by nothing else', with_({ role: 'writer', services: 'shop-' }), 'writer', service('my-shop-a'), false],
    ['a star is all', with_({ role: 'reader', services: '*' }), 'reader', service('anything'), true],
    [
      'the best of several grants counts',
      with_({ role: 'reader', namespace: '*' }, { role: 'writer', namespace: 'a' }),
      'writer',
      namespace('a'),
      true,
    ],
    [
      'lists are for everybody who may see something',
      with_({ role: 'reader', services: 'x' }),
      'reader',
      { kind: 'anything' },
      true,
    ],
    ['without grants there is nothing', with_(), 'reader', { kind: 'anything' }, false],
    ['where no token is needed everything may be done', EVERYBODY, 'admin', namespace('any'), true],
  ])('%s', (_title, caller, role, subject, allowed) => {
    expect(mayDo(caller, role, subject)).toBe(allowed);
  });
});

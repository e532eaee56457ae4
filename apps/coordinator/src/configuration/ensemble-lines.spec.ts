import { describe, expect, it } from '@jest/globals';
import { parseEnsembleLines } from './ensemble-lines.js';

const line = (key: string, value: string) => ({ key, value, line: 7 });

describe('parseEnsembleLines', () => {
  it.each([
    [
      'h:2888:3888',
      { addresses: [{ host: 'h', quorumPort: 2888, electionPort: 3888 }], role: 'participant', client: undefined },
    ],
    ['h:2888:3888:observer', { role: 'observer' }],
    ['h:2888:3888:participant;2181', { role: 'participant', client: { host: undefined, port: 2181 } }],
    ['h:2888:3888;10.0.0.1:2181', { client: { host: '10.0.0.1', port: 2181 } }],
    [
      '[::1]:2888:3888;[::]:2181',
      { addresses: [{ host: '::1', quorumPort: 2888, electionPort: 3888 }], client: { host: '::', port: 2181 } },
    ],
    [
      'a:1:2|b:3:4',
      {
        addresses: [
          { host: 'a', quorumPort: 1, electionPort: 2 },
          { host: 'b', quorumPort: 3, electionPort: 4 },
        ],
      },
    ],
  ])('reads server.3=%s', (value, expected) => {
    const { ensemble, unreadable } = parseEnsembleLines([line('server.3', value)]);
    expect(unreadable).toEqual([]);
    expect(ensemble.members).toEqual([expect.objectContaining({ id: 3, line: 7, ...expected })]);
  });

  it.each([
    ['server.1', 'h'],
    ['server.1', 'h:2888'],
    ['server.1', 'h:2888:99999'],
    ['server.1', 'h:2888:3888:leader'],
    ['server.1', 'h:2888:3888;x'],
    ['server.1', 'h:2888:3888;1;2'],
    ['server.one', 'h:2888:3888'],
    ['group.1', '1,2'],
    ['weight.1', 'heavy'],
  ])('does not take %s=%s', (key, value) => {
    expect(parseEnsembleLines([line(key, value)]).unreadable).toHaveLength(1);
  });

  it('reads groups and weights', () => {
    const { ensemble } = parseEnsembleLines([line('group.1', '1:2:3'), line('weight.2', '0')]);
    expect(ensemble.groups.get(1)).toEqual([1, 2, 3]);
    expect(ensemble.weights.get(2)).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type HealthState, stepHealth, UNCHECKED } from './rise-and-fall.js';

/** The verdicts along checks, `+` for good and `-` for bad, with rise 2 and fall 3. */
function verdicts(checks: string): string {
  let state: HealthState = UNCHECKED;
  return [...checks]
    .map((check) => {
      state = stepHealth(state, check === '+', { rise: 2, fall: 3 });
      return state.health.charAt(0);
    })
    .join('');
}

describe('rise and fall', () => {
  it('lets the first check decide', () => {
    expect([verdicts('+'), verdicts('-')]).toEqual(['p', 'f']);
  });

  it('changes the verdict after so many checks in a row, and not before', () => {
    expect(verdicts('+--+---')).toBe('ppppppf');
    expect(verdicts('-+-++')).toBe('ffffp');
  });
});

import type { ConfigurationProblem } from './configuration-error.js';
import type { WrittenValue } from './written-value.js';
import { settings } from './setting.js';

const PREFIX = 'CORRAL_PLATFORM_';
const PLACE = 'environment';

/** What the environment says. A variable with our prefix that is no setting is a mistake, and told. */
export function readEnvironment(environment: NodeJS.ProcessEnv): {
  readonly values: readonly WrittenValue[];
  readonly problems: readonly ConfigurationProblem[];
} {
  const values: WrittenValue[] = [];
  const problems: ConfigurationProblem[] = [];
  for (const [key, text] of Object.entries(environment)) {
    if (!key.startsWith(PREFIX) || text === undefined) continue;
    const setting = settings.find(({ variable }) => variable === key);
    if (setting !== undefined) {
      values.push({ property: setting.property, value: setting.fromText(text), key, place: PLACE });
    } else {
      const sentence = `does not exist; allowed: ${settings.map(({ variable }) => variable).join(', ')}`;
      problems.push({ place: PLACE, key, sentence });
    }
  }
  return { values, problems };
}

/** Decorators that declare one setting each: where files write it, how its text is read, and what is allowed. */
import { isIP } from 'node:net';
import { ValidateBy } from './class-validator-parts.js';

/** Where a setting stands in each kind of file. */
export interface SettingPlace {
  /** Its key in zoo.cfg. Apache's system properties are accepted with and without their prefix `zookeeper.`. */
  readonly zooCfg: string;
  /** Its place in corral.yaml, with dots between the levels. */
  readonly yaml: string;
}

/** A declared setting. */
export interface Setting extends SettingPlace {
  /** The property of CoordinatorSettings. */
  readonly property: string;
  /** What a person may write there. */
  readonly allowed: string;
  /** The typed value of a text; the text itself when it is no such value, for the validation to refuse. */
  readonly fromText: (text: string) => unknown;
  /** Error messages do not repeat its value. */
  readonly secret: boolean;
}

/** All settings, in the order of their declaration. */
export const settings: Setting[] = [];

type Declaration = Pick<Setting, 'allowed' | 'fromText'> & {
  readonly secret?: boolean;
  readonly accepts: (value: unknown) => boolean;
};

/** An integer from `min` to `max`. */
export function IntegerSetting(place: SettingPlace, range: { min: number; max: number }): PropertyDecorator {
  const { min, max } = range;
  return declare(place, {
    allowed: `an integer from ${min} to ${max}`,
    fromText: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : text),
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  });
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

/** A switch; Apache writes some as true and false and some as yes and no. */
export function FlagSetting(place: SettingPlace): PropertyDecorator {
  return declare(place, {
    allowed: 'true or false',
    fromText: (text) => FLAGS.get(text.toLowerCase()) ?? text,
    accepts: (value) => typeof value === 'boolean',
  });
}

/** A text that `pattern` matches, described for people by `allowed`. */
export function TextSetting(place: SettingPlace, pattern: RegExp, allowed: string): PropertyDecorator {
  return declare(place, {
    allowed,
    fromText: (text) => text,
    accepts: (value) => typeof value === 'string' && pattern.test(value),
  });
}

/** A text that nobody should read over a shoulder or in a log. */
export function SecretSetting(place: SettingPlace, pattern: RegExp, allowed: string): PropertyDecorator {
  return declare(place, {
    allowed,
    fromText: (text) => text,
    secret: true,
    accepts: (value) => typeof value === 'string' && pattern.test(value),
  });
}

/** One of a few words. */
export function ChoiceSetting(place: SettingPlace, choices: readonly string[]): PropertyDecorator {
  return declare(place, {
    allowed: `one of ${choices.join(', ')}`,
    fromText: (text) => text,
    accepts: (value) => choices.includes(value as string),
  });
}

/** A list of words, in zoo.cfg with commas between them. */
export function WordsSetting(place: SettingPlace, pattern: RegExp, allowed: string): PropertyDecorator {
  return declare(place, {
    allowed,
    fromText: (text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    accepts: (value) =>
      Array.isArray(value) && value.every((word: unknown) => typeof word === 'string' && pattern.test(word)),
  });
}

/** An address to listen on. */
export function AddressSetting(place: SettingPlace): PropertyDecorator {
  const hostName =
    /^(?=.{1,253}$)[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?(\.[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?)*$/;
  return declare(place, {
    allowed: 'an IP address or a host name; 0.0.0.0 means every address of this machine',
    fromText: (text) => text.replace(/^\[(.*)\]$/, '$1'),
    accepts: (value) =>
      typeof value === 'string' && (isIP(value) !== 0 || (hostName.test(value) && !/^[\d.]+$/.test(value))),
  });
}

function declare(place: SettingPlace, declaration: Declaration): PropertyDecorator {
  const { allowed, fromText, accepts, secret = false } = declaration;
  return (target, property) => {
    settings.push({ ...place, property: String(property), allowed, fromText, secret });
    const validate = ValidateBy(
      // What is left out keeps its default, and defaults are typed.
      { name: 'setting', validator: { validate: (value: unknown) => value === undefined || accepts(value) } },
      { message: allowed },
    );
    validate(target, property);
  };
}

/** Decorators that declare one setting each: where it is written, how its text is read, and what is allowed. */
import { ValidateBy } from 'class-validator';
import { isIP } from 'node:net';

/** A declared setting. */
export interface Setting {
  /** The property of PlatformSettings. */
  readonly property: string;
  /** Its place below `platform:` in a corral.yaml, with dots between the levels. */
  readonly path: string;
  /** Its environment variable, which wins over the file. */
  readonly variable: string;
  /** The typed value of a text; the text itself when it is no such value, for the validation to refuse. */
  readonly fromText: (text: string) => unknown;
}

/** All settings, in the order of their declaration. */
export const settings: Setting[] = [];

interface Kind {
  readonly allowed: string;
  readonly fromText?: (text: string) => unknown;
  readonly accepts: (value: unknown) => boolean;
}

/** An integer from `min` to `max`. */
export function IntegerSetting(path: string, { min, max }: { min: number; max: number }): PropertyDecorator {
  return declare(path, {
    allowed: `an integer from ${min} to ${max}`,
    fromText: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  });
}

/** A switch. */
export function FlagSetting(path: string): PropertyDecorator {
  return declare(path, {
    allowed: 'true or false',
    fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
    accepts: (value) => typeof value === 'boolean',
  });
}

/** A text that `pattern` matches, described for people by `allowed`. */
export function TextSetting(path: string, pattern: RegExp, allowed: string): PropertyDecorator {
  return declare(path, { allowed, accepts: (value) => typeof value === 'string' && pattern.test(value) });
}

/** One of a few words. */
export function ChoiceSetting(path: string, choices: readonly string[]): PropertyDecorator {
  return declare(path, {
    allowed: `one of ${choices.join(', ')}`,
    accepts: (value) => choices.includes(value as string),
  });
}

const HOST_NAME = /^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/;

/** An address to listen on. */
export function AddressSetting(path: string): PropertyDecorator {
  return declare(path, {
    allowed: 'an IP address or a host name; 0.0.0.0 means every address of this machine',
    accepts: (value) =>
      typeof value === 'string' && (isIP(value) !== 0 || (HOST_NAME.test(value) && !/^[\d.]+$/.test(value))),
  });
}

function declare(path: string, { allowed, fromText, accepts }: Kind): PropertyDecorator {
  return (target, property) => {
    settings.push({
      property: String(property),
      path,
      variable: `CORRAL_PLATFORM_${path.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()}`,
      fromText: fromText ?? ((text) => text),
    });
    const validate = (value: unknown): boolean => value === undefined || accepts(value);
    ValidateBy({ name: path, validator: { validate, defaultMessage: () => allowed } })(target, property);
  };
}

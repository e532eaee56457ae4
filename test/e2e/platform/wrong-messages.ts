/** Wrong messages made from the .proto files: every field of a request, each in every way in which it can be wrong. */
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';
import { PROTO_ROOT } from './grpc-client.js';

/** A field of a message, of a descriptor as protobuf defines them. */
interface FieldDescriptor {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly typeName: string;
}

interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly (MessageDescriptor & { readonly options: { readonly mapEntry?: boolean } | null })[];
}

/** A method, and the message that it takes. */
export interface Method {
  /** `/corral.config.v1.Config/Get` */
  readonly path: string;
  readonly name: string;
  readonly request: MessageDescriptor;
  readonly isClientStream: boolean;
  readonly isServerStream: boolean;
}

/** A message with one field wrong. */
export interface WrongMessage {
  readonly message: Readonly<Record<string, unknown>>;
  /** The field, as the problem must name it. */
  readonly field: string;
  readonly what: string;
}

/** What a field is beside its type: part of a path or one of a few words, a text of bounded length, a document; or not looked at in a request. */
export type TextKind = 'name' | 'text' | 'content' | 'ignored';

/** What the makers need to know of the messages. */
export interface Samples {
  /** A right value for every field, by the message's name. */
  readonly messages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By the name of the field. */
  readonly texts: Readonly<Record<string, TextKind>>;
}

const NUL = 'a\0b';
const TOO_LONG = 'n'.repeat(20_000);

/** The messages and services of a file. */
export class ProtoFile {
  readonly #definition: PackageDefinition;

  constructor(file: string) {
    this.#definition = loadSync(file, { includeDirs: [PROTO_ROOT] });
  }

  /** The methods of a service. */
  methodsOf(service: string): Method[] {
    const methods = this.#definition[service] as Readonly<Record<string, RawMethod>>;
    return Object.values(methods).map(({ path, originalName, requestType, requestStream, responseStream }) => ({
      path,
      name: originalName.replace(/^./, (first) => first.toUpperCase()),
      request: (requestType as MessageTypeDefinition<object, object>).type as MessageDescriptor,
      isClientStream: requestStream,
      isServerStream: responseStream,
    }));
  }

  /** The message in which every field is right, and every message that differs from it in one. */
  wrong(request: MessageDescriptor, samples: Samples): WrongMessage[] {
    return this.#wrong(request, sampleOf(request, samples), samples);
  }

  #wrong(request: MessageDescriptor, sample: WrongMessage['message'], samples: Samples): WrongMessage[] {
    return request.field.flatMap((field) => {
      const name = jsonNameOf(field);
      return this.#wrongValues(request, field, samples).map(({ value, below, what }) => ({
        message: { ...sample, [name]: value },
        field: `${name}${below}`,
        what,
      }));
    });
  }

  #wrongValues(request: MessageDescriptor, field: FieldDescriptor, samples: Samples): WrongValue[] {
    if (samples.texts[jsonNameOf(field)] === 'ignored') return [];
    const isList = field.label === 'LABEL_REPEATED';
    const nested = request.nestedType.find(({ name }) => field.typeName.endsWith(name));
    if (nested?.options?.mapEntry === true) return WRONG_MAPS;
    if (field.type === 'TYPE_MESSAGE') {
      const type = this.#messageOf(field.typeName);
      return this.#wrong(type, sampleOf(type, samples), samples).map(({ message, field: inner, what }) =>
        isList ? { value: [message], below: `[0].${inner}`, what } : { value: message, below: `.${inner}`, what },
      );
    }
    const wrong = field.type === 'TYPE_STRING' ? wrongTexts(jsonNameOf(field), samples) : wrongNumbers(field);
    return wrong.map(({ value, what }) => ({ value: isList ? [value] : value, below: '', what }));
  }

  #messageOf(typeName: string): MessageDescriptor {
    const name = typeName.replace(/^\./, '');
    const [found] = Object.entries(this.#definition).filter(([key]) => key.endsWith(`.${name}`) || key === name);
    if (found === undefined) throw new Error(`there is no message ${typeName}`);
    return (found[1] as MessageTypeDefinition<object, object>).type as MessageDescriptor;
  }
}

interface RawMethod {
  readonly path: string;
  readonly originalName: string;
  readonly requestType: object;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

interface WrongValue {
  readonly value: unknown;
  /** What follows the name of the field in the problem. */
  readonly below: string;
  readonly what: string;
}

const WRONG_MAPS: WrongValue[] = [
  { value: { a: NUL }, below: '', what: 'a value with NUL' },
  { value: { [NUL]: 'a' }, below: '', what: 'a key with NUL' },
  { value: { a: TOO_LONG }, below: '', what: 'a value that is too long' },
  { value: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, 'v'])), below: '', what: 'too many' },
];

/** `ttl_ms` as programs in JavaScript know it, and as problems name it: `ttlMs`. */
function jsonNameOf({ name }: FieldDescriptor): string {
  return name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

function sampleOf({ name, field }: MessageDescriptor, { messages }: Samples): WrongMessage['message'] {
  const sample = messages[name];
  const missing = field.map(jsonNameOf).filter((key) => sample === undefined || !(key in sample));
  if (sample === undefined || missing.length > 0) {
    throw new Error(`no sample for ${missing.map((key) => `${name}.${key}`).join(', ')}`);
  }
  return sample;
}

function wrongTexts(name: string, { texts }: Samples): { value: unknown; what: string }[] {
  const kind = texts[name];
  if (kind === undefined) throw new Error(`it is not said what ${name} is`);
  const tricks = ['..', '../x', 'a/b', '/a', '\u{1f600}'].map((value) => ({ value, what: JSON.stringify(value) }));
  const bounds = [{ value: TOO_LONG, what: 'too long' }];
  return [{ value: NUL, what: 'NUL' }, ...(kind === 'content' ? [] : bounds), ...(kind === 'name' ? tricks : [])];
}

function wrongNumbers({ type }: FieldDescriptor): { value: unknown; what: string }[] {
  switch (type) {
    case 'TYPE_UINT32':
      return [{ value: 4_294_967_295, what: 'too large' }];
    case 'TYPE_DOUBLE':
      return [Number.NaN, -1, Number.POSITIVE_INFINITY].map((value) => ({ value, what: String(value) }));
    default:
      return [];
  }
}

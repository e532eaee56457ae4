/** Generates whole request frames: each operation's fields in their order, with values that nobody sends by accident. */
import fc from 'fast-check';
import { OpCode } from '@corral/model';

type FieldKind = 'path' | 'data' | 'acl' | 'int' | 'flags' | 'long' | 'bool' | 'text' | 'paths';

const SHAPES: Partial<Record<keyof typeof OpCode, readonly FieldKind[]>> = {
  create: ['path', 'data', 'acl', 'flags'],
  create2: ['path', 'data', 'acl', 'flags'],
  createContainer: ['path', 'data', 'acl', 'flags'],
  createTtl: ['path', 'data', 'acl', 'flags', 'long'],
  delete: ['path', 'int'],
  deleteContainer: ['path'],
  exists: ['path', 'bool'],
  getData: ['path', 'bool'],
  setData: ['path', 'data', 'int'],
  getAcl: ['path'],
  setAcl: ['path', 'acl', 'int'],
  getChildren: ['path', 'bool'],
  getChildren2: ['path', 'bool'],
  getEphemerals: ['path'],
  getAllChildrenNumber: ['path'],
  sync: ['path'],
  check: ['path', 'int'],
  auth: ['int', 'text', 'data'],
  sasl: ['data'],
  setWatches: ['long', 'paths', 'paths', 'paths'],
  setWatches2: ['long', 'paths', 'paths', 'paths', 'paths', 'paths'],
  addWatch: ['path', 'int'],
  removeWatches: ['path', 'int'],
  checkWatches: ['path', 'int'],
  reconfig: ['text', 'text', 'text', 'long'],
  whoAmI: [],
  ping: [],
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
const counted = (bytes: Uint8Array): Buffer => Buffer.concat([int32(bytes.length), bytes]);

const anyInt = fc.oneof(fc.integer({ min: -3, max: 8 }), fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }));
const paths = [
  ...[
    '/',
    '/a',
    '/a/b',
    '/a/b/c',
    '/q/s-',
    '/zookeeper',
    '/zookeeper/quota',
    '/zookeeper/config',
    '/zookeeper/quota/a',
  ],
  ...['/zookeeper/quota/a/zookeeper_limits', '', 'a', '/a/', '//', '/a//b', '/.', '/a/../b', '/a/./b', '/a\u0000b'],
  ...[
    '/\ud7ff',
    '/\uf8ff',
    '/\ufff0',
    '/\u0001',
    '/\u007f',
    '/' + 'long'.repeat(1_000),
    '/a'.repeat(700),
    '/\u{1f40e}',
  ],
];
const path = fc
  .oneof({ weight: 5, arbitrary: fc.constantFrom(...paths) }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) })
  .map((text) => counted(Buffer.from(text, 'utf8')));
const bytesField = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map(counted),
  fc.constant(int32(-1)),
  // A length that lies, and text that is not UTF-8.
  anyInt.map(int32),
  fc.constant(counted(Buffer.from([0xff, 0xed, 0xa0, 0x80, 0xc0, 0x80]))),
);
const identity = fc.constantFrom(
  ...([
    'world:anyone',
    'auth:',
    'digest:u:p',
    'ip:127.0.0.1',
    'ip:::1/200',
    'ip:1.2.3.4/-1',
    'x509:cn',
    'sasl:x',
    ':',
  ] as const),
);
const aclEntry = fc.tuple(anyInt, identity).map(([perms, both]) => {
  const colon = both.indexOf(':');
  const [scheme, id] = [both.slice(0, colon), both.slice(colon + 1)].map((text) => counted(Buffer.from(text)));
  return Buffer.concat([int32(perms), scheme ?? Buffer.alloc(0), id ?? Buffer.alloc(0)]);
});
const listOf = (entry: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.array(entry, { maxLength: 4 }), fc.option(anyInt, { freq: 9 }))
    .map(([entries, lie]) => Buffer.concat([int32(lie ?? entries.length), ...entries]));

const FIELDS: Record<FieldKind, fc.Arbitrary<Buffer>> = {
  path: fc.oneof({ weight: 9, arbitrary: path }, { weight: 1, arbitrary: bytesField }),
  data: bytesField,
  text: bytesField,
  acl: fc.oneof({ weight: 3, arbitrary: listOf(aclEntry) }, { weight: 1, arbitrary: anyInt.map(int32) }),
  int: anyInt.map(int32),
  flags: fc.oneof(fc.integer({ min: -1, max: 8 }), anyInt).map(int32),
  long: fc
    .oneof(
      fc.constantFrom(0n, -1n, 1n, 1n << 53n, (1n << 63n) - 1n, -(1n << 63n)),
      fc.bigInt(-(1n << 63n), (1n << 63n) - 1n),
    )
    .map((value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(value);
      return bytes;
    }),
  bool: fc.nat({ max: 255 }).map((value) => Buffer.from([value])),
  paths: listOf(path),
};

interface Operation {
  readonly type: number;
  readonly body: Buffer;
}

const operation: fc.Arbitrary<Operation> = fc
  .constantFrom(...(Object.keys(SHAPES) as (keyof typeof SHAPES)[]))
  .chain((name) =>
    fc
      .tuple(...(SHAPES[name] ?? []).map((kind) => FIELDS[kind]))
      .map((fields) => ({ type: OpCode[name], body: Buffer.concat(fields) })),
  );

const multi: fc.Arbitrary<Operation> = fc
  .tuple(fc.constantFrom(OpCode.multi, OpCode.multiRead), fc.array(operation, { maxLength: 6 }), fc.boolean())
  .map(([type, parts, finished]) => {
    const body = parts.flatMap((part) => [int32(part.type), Buffer.from([0]), int32(-1), part.body]);
    if (finished) body.push(int32(-1), Buffer.from([1]), int32(-1));
    return { type, body: Buffer.concat(body) };
  });

const unknown: fc.Arbitrary<Operation> = fc
  .tuple(anyInt, fc.uint8Array({ maxLength: 60 }))
  .map(([type, body]) => ({ type, body: Buffer.from(body) }));

/** A request frame without its length: mostly well formed, never polite. */
export const anyRequestFrame: fc.Arbitrary<Buffer> = fc
  .tuple(
    anyInt,
    fc.oneof({ weight: 12, arbitrary: operation }, { weight: 3, arbitrary: multi }, { weight: 1, arbitrary: unknown }),
    fc.option(fc.nat({ max: 200 }), { freq: 9 }),
  )
  .map(([xid, { type, body }, cutAt]) => {
    const frame = Buffer.concat([int32(xid), int32(type), body]);
    return cutAt === null ? frame : frame.subarray(0, Math.min(frame.length, cutAt));
  });

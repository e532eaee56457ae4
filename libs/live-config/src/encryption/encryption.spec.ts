import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { IntegrityError, KeyMissingError, KeyRingError } from '../errors.js';
import { parseContent } from '../formats/parse.js';
import { KeyRing } from './key-ring.js';
import { resealDocument, type SealedDocument, sealDocument, unsealDocument } from './sealed-document.js';
import { isSealed, seal, sealedKeyId, unseal } from './sealed-value.js';

const OLD = { id: '2025', key: randomBytes(32) };
const NEW = { id: '2026', key: randomBytes(32) };
const ring = new KeyRing([OLD]);
const rotated = new KeyRing([NEW, OLD]);
const scope = { namespace: 'shop', application: 'cart' };
const document = (content: string, format: SealedDocument['format'] = 'yaml', encrypted = false): SealedDocument => ({
  name: 'main',
  format,
  content,
  encrypted,
});

describe('a key ring', () => {
  it('is read from lines, the first key encrypts', () => {
    const text = `# keys\n\n${NEW.id}: ${NEW.key.toString('base64')}\n${OLD.id}:${OLD.key.toString('base64')}\n`;
    const read = KeyRing.parse(text);
    expect(read.primaryId).toBe('2026');
    expect(read.key('2025')).toEqual(OLD.key);
    expect(read.key('2024')).toBeUndefined();
  });

  it('is read from the environment, or is not there', () => {
    const keys = `${OLD.id}:${OLD.key.toString('base64')},${NEW.id}:${NEW.key.toString('base64')}`;
    expect(KeyRing.fromEnvironment({ CORRAL_CONFIG_KEYS: keys })?.primaryId).toBe('2025');
    expect(KeyRing.fromEnvironment({})).toBeUndefined();
    expect(KeyRing.fromEnvironment({ CORRAL_CONFIG_KEYS: ' ' })).toBeUndefined();
  });

  it.each([
    ['', 'empty'],
    ['a:AAAA', 'has 3 bytes, it must have 32'],
    [`a:${OLD.key.toString('base64')}\na:${NEW.key.toString('base64')}`, 'there twice'],
    [`a b:${OLD.key.toString('base64')}`, 'key id'],
    [OLD.key.toString('base64'), 'must be written id:base64'],
  ])('%j is refused', (text, reason) => {
    expect(() => KeyRing.parse(text)).toThrow(KeyRingError);
    expect(() => KeyRing.parse(text)).toThrow(reason);
  });

  it('shows no key, in an error or in a log', () => {
    const secret = OLD.key.toString('base64');
    expect(() => KeyRing.parse(secret)).toThrow(expect.not.stringContaining(secret));
    expect(JSON.stringify(ring)).toBe('{"primaryId":"2025","ids":["2025"]}');
  });

  it('names a file that it cannot read', async () => {
    await expect(KeyRing.fromFile('/nowhere/keys')).rejects.toThrow('key file /nowhere/keys cannot be read');
  });
});

describe('an encrypted value', () => {
  it('is read back with its key at its place', () => {
    const token = seal('hunter2', 'shop/cart:main#/db', ring);
    expect(isSealed(token)).toBe(true);
    expect(sealedKeyId(token)).toBe('2025');
    expect(token).not.toContain('hunter2');
    expect(unseal(token, 'shop/cart:main#/db', rotated)).toBe('hunter2');
    expect(seal('hunter2', 'x', ring)).not.toBe(seal('hunter2', 'x', ring));
  });

  it('cannot be moved, changed, cut, or read with another key of the same name', () => {
    const token = seal('hunter2', 'here', ring);
    const other = new KeyRing([{ id: '2025', key: NEW.key }]);
    const changed = token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    expect(() => unseal(token, 'there', ring)).toThrow(IntegrityError);
    expect(() => unseal(changed, 'here', ring)).toThrow(IntegrityError);
    expect(() => unseal(token.slice(0, 25), 'here', ring)).toThrow(IntegrityError);
    expect(() => unseal(token, 'here', other)).toThrow(IntegrityError);
  });

  it('says which key is missing', () => {
    const token = seal('hunter2', 'here', rotated);
    expect(() => unseal(token, 'here', ring)).toThrow(KeyMissingError);
    expect(() => unseal(token, 'here', undefined)).toThrow('here needs the key "2026"');
  });
});

describe('a document with marked values', () => {
  it.each([
    ['yaml', 'db:\n  password: "{encrypt}s3cret" # mine\n  user: me\n'],
    ['json', '{"db": {"password": "{encrypt}s3cret", "user": "me"}}'],
    ['properties', 'db.password={encrypt}s3cret\ndb.user=me\n'],
  ] as const)('in %s has them encrypted, and only them', (format, content) => {
    const sealed = sealDocument(document(content, format), scope, ring);
    expect(sealed.content).not.toContain('s3cret');
    const { db } = parseContent(format, sealed.content, 'main') as { db: { password: string; user: string } };
    expect([isSealed(db.password), db.user]).toEqual([true, 'me']);
    const clear = unsealDocument(sealed, scope, rotated);
    expect(parseContent(format, clear.content, 'main')).toEqual({ db: { password: 's3cret', user: 'me' } });
  });

  it('keeps tokens that are there, byte for byte', () => {
    const sealed = sealDocument(document('a: "{encrypt}x"\n'), scope, ring);
    expect(sealDocument(sealed, scope, ring)).toEqual(sealed);
  });

  it('refuses a token that was taken from another place', () => {
    const sealed = sealDocument(document('a: "{encrypt}x"\n'), scope, ring);
    const moved = document(sealed.content.replace('a:', 'b:'));
    expect(() => sealDocument(moved, scope, ring)).toThrow(IntegrityError);
    expect(() => unsealDocument(sealed, { namespace: 'shop', application: 'admin' }, ring)).toThrow(IntegrityError);
    expect(() => unsealDocument({ ...sealed, name: 'other' }, scope, ring)).toThrow(IntegrityError);
  });

  it('cannot be encrypted without a key', () => {
    expect(() => sealDocument(document('a: "{encrypt}x"\n'), scope, undefined)).toThrow('main has values to encrypt');
  });

  it('may be encrypted whole', () => {
    const sealed = sealDocument(document('a: 1\n', 'yaml', true), scope, ring);
    expect(isSealed(sealed.content)).toBe(true);
    expect(unsealDocument(sealed, scope, ring)).toMatchObject({ content: 'a: 1\n', encrypted: false });
  });
});

describe('rotation', () => {
  it('encrypts with the new key what has the old one, and leaves the rest alone', () => {
    const marked = document('a: "{encrypt}x"\nb: plain\n');
    const old = sealDocument(marked, scope, ring);
    const fresh = resealDocument(old, scope, rotated);
    expect(fresh.content).toContain('{aes-gcm:2026}');
    expect(fresh.content).not.toContain('{aes-gcm:2025}');
    expect(parseContent('yaml', unsealDocument(fresh, scope, new KeyRing([NEW])).content, 'main')).toEqual({
      a: 'x',
      b: 'plain',
    });
    expect(resealDocument(fresh, scope, rotated)).toEqual(fresh);
    const whole = sealDocument(document('a: 1\n', 'yaml', true), scope, ring);
    expect(sealedKeyId(resealDocument(whole, scope, rotated).content)).toBe('2026');
  });
});

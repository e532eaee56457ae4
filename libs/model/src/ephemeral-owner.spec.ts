import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstSessionId, type ServerId, sessionIdOf } from '@corral/primitives';
import { CONTAINER_OWNER, ownershipOf, SERVER_ID_MAX, TTL_MS_MAX, ttlOwner } from './ephemeral-owner.js';

describe('the owner of a znode', () => {
  it('is nobody, or a container mark', () => {
    expect(ownershipOf(sessionIdOf(0n))).toEqual({ kind: 'persistent' });
    expect(ownershipOf(CONTAINER_OWNER)).toEqual({ kind: 'container' });
    expect(BigInt.asUintN(64, CONTAINER_OWNER)).toBe(0x8000_0000_0000_0000n);
  });

  it('is a TTL, of any length that fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: TTL_MS_MAX }), (ttlMs) => {
        expect(ownershipOf(ttlOwner(ttlMs))).toEqual({ kind: 'ttl', ttlMs });
      }),
    );
    expect(BigInt.asUintN(64, ttlOwner(5000))).toBe(0xff00_0000_0000_1388n);
    expect(TTL_MS_MAX).toBe(0xff_ffff_ffff);
  });

  it('is the session, whichever member opened it', () => {
    fc.assert(
      fc.property(fc.nat({ max: SERVER_ID_MAX }), fc.nat(), (serverId, timeMs) => {
        const sessionId = firstSessionId(serverId as ServerId, timeMs + 1);
        expect(ownershipOf(sessionId)).toEqual({ kind: 'ephemeral', sessionId });
      }),
    );
  });

  it('is no TTL when the bits of the kind say otherwise', () => {
    const sessionId = sessionIdOf(0xff00_0100_0000_0005n);
    expect(ownershipOf(sessionId)).toEqual({ kind: 'ephemeral', sessionId });
  });
});

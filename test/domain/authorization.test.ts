import { describe, expect, it } from 'vitest';
import { authorize, isVerdict } from '../../src/domain/authorization.js';
import { newTag } from '../../src/domain/new-entities.js';
import type { Tag } from '../../src/domain/people.js';

const now = Date.UTC(2026, 4, 4);
const tag: Tag = newTag({ tag: 'A1', createdAt: 0 });
const blocked = { ...tag, blocked: true };
const expiring = (expiresAt: number) => ({ ...tag, expiresAt });

describe('authorize', () => {
  it.each([
    ['a known tag', 'rfid', tag, 'Accepted', 'rfid'],
    ['no such tag', 'rfid', undefined, 'Invalid', 'rfid'],
    ['a blocked tag', 'rfid', blocked, 'Blocked', 'rfid'],
    ['an expired tag', 'rfid', expiring(now - 1), 'Expired', 'rfid'],
    ['a tag in the millisecond it expires', 'rfid', expiring(now), 'Expired', 'rfid'],
    ['a tag one millisecond before it expires', 'rfid', expiring(now + 1), 'Accepted', 'rfid'],
    ['a blocked and expired tag', 'rfid', { ...blocked, expiresAt: 1 }, 'Blocked', 'rfid'],
    ['a known tag on an open connector', 'open', tag, 'Accepted', 'rfid'],
    ['no such tag on an open connector', 'open', undefined, 'Accepted', 'anonymous'],
    ['a blocked tag on an open connector', 'open', blocked, 'Accepted', 'anonymous'],
    ['an expired tag on an open connector', 'open', expiring(1), 'Accepted', 'anonymous'],
  ] as const)('%s', (_, mode, known, verdict, method) => {
    expect(authorize({ mode, tag: known, now })).toMatchObject({ verdict, method });
  });

  it('says in words when the tag expired', () => {
    const { reason } = authorize({ mode: 'rfid', tag: expiring(now - 1000), now });
    expect(reason).toBe('the tag expired at 2026-05-03T23:59:59.000Z');
  });

  it('knows its verdicts', () => {
    expect(['Accepted', 'Blocked', 'Expired', 'Invalid'].every(isVerdict)).toBe(true);
    expect(isVerdict('ConcurrentTx')).toBe(false);
  });
});

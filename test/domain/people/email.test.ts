import { expect, it } from 'vitest';
import { checkEmail, emailComplaint } from '../../../src/domain/people/email.js';
import { failure } from '../../helpers/failure.js';

it.each([
  'ada@example.org',
  'a+b.c_d@sub.example.org',
  "o'brien@example.org",
  'jörg@müller.example',
  'root@localhost',
  `${'a'.repeat(242)}@example.org`,
])('takes %s', (address) => {
  expect(emailComplaint(address)).toBeUndefined();
});

it.each([
  ['', 'is empty'],
  ['ada', 'does not have exactly one @'],
  ['ada@b@c', 'does not have exactly one @'],
  ['@example.org', 'has nothing before the @'],
  ['ada@', 'has nothing after the @'],
  ['ada@example..org', 'has a dot in the wrong place'],
  ['ada@.org', 'has a dot in the wrong place'],
  ['ada@example.org.', 'has a dot in the wrong place'],
  ['ada@example.org\r\nBcc: all@example.org', 'contains control characters'],
  ['ada@exam\u0000ple.org', 'contains control characters'],
  ['ada berg@example.org', 'contains a space'],
  ['ada\u00a0berg@example.org', 'contains a space'],
  ['ada@a.org;bo@b.org', 'contains ";"'],
  ['ada@a.org,bo@b.org', 'contains ","'],
  ['Ada<ada@a.org>', 'contains "<"'],
  [`${'a'.repeat(243)}@example.org`, 'is longer than 254 bytes'],
])('refuses %j', async (address, complaint) => {
  expect(emailComplaint(address)).toBe(complaint);
  const error = await failure(
    Promise.resolve().then(() => checkEmail(address)),
    'USAGE',
  );
  expect(error.message).toContain(complaint);
  expect(error.message).not.toMatch(/\p{Cc}/u);
});

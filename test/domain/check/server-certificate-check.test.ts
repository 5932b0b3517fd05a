import { expect, it } from 'vitest';
import { checkServerCertificate } from '../../../src/domain/check/server-certificate-check.js';

const dayMs = 86_400_000;
const now = Date.parse('2026-05-01T00:00:00Z');

it.each([
  ['a month is left', -60, 30, 'ok', /is good until 2026-05-31T/],
  ['two weeks are left', -60, 14, 'ok', /is good until/],
  ['less is left', -60, 13, 'warning', /ends soon: 2026-05-14T/],
  ['it lives for a few days only, by design', -1, 5, 'ok', /is good until/],
  ['it has ended', -60, 0, 'problem', /has expired: 2026-05-01T/],
  ['it has not begun', 1, 90, 'problem', /counts from 2026-05-02T/],
] as const)('when %s', (_, fromDays, toDays, status, message) => {
  const times = { validFrom: now + fromDays * dayMs, validTo: now + toDays * dayMs };
  const result = checkServerCertificate({ file: 'server.pem', keyType: 'ecdsa', ...times }, now);
  expect(result).toMatchObject({ check: 'tls-certificate', status });
  expect(result.message).toMatch(message);
});

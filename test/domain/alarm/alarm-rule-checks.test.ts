import { describe, expect, it } from 'vitest';
import {
  checkRecipients,
  checkSteps,
  checkTells,
  checkWebhooks,
  ruleLimits,
} from '../../../src/domain/alarm/alarm-rule-checks.js';
import { failure } from '../../helpers/failure.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const refused = (check: () => unknown) => failure(Promise.resolve().then(check), 'USAGE');

describe('recipients', () => {
  it('are kept as they were typed, each once', () => {
    expect(checkRecipients(['Ada@Example.org', 'bo@b.org', 'ada@example.org'])).toEqual([
      'Ada@Example.org',
      'bo@b.org',
    ]);
  });

  it('that are no address are named', async () => {
    const { message } = await refused(() => checkRecipients(['ada@example.org', 'bo@']));
    expect(message).toBe('The e-mail address "bo@" has nothing after the @.');
  });
});

describe('webhooks', () => {
  it('are told apart by their path, not by how the host is written', () => {
    const urls = ['https://Example.org/a', 'https://example.org/A', 'https://example.org/a'];
    expect(checkWebhooks(urls, false)).toEqual(urls.slice(0, 2));
  });

  it.each([
    ['example.org', false, 'is no URL'],
    ['ftp://example.org/', true, 'does not begin with https://'],
    ['https://ada:secret@example.org/', true, 'contains a password'],
    ['http://example.org/', false, 'is not encrypted'],
    ['https://10.1.2.3/', false, 'is a private address'],
    [`https://example.org/${'a'.repeat(2000)}`, false, 'is longer than 2000 characters'],
  ])('%s is none', async (url, allowPrivate, complaint) => {
    const { message } = await refused(() => checkWebhooks(['https://example.org/', url], allowPrivate));
    expect(message).toContain(complaint);
    expect(message.length).toBeLessThan(200);
  });

  it('on private addresses are taken where that is allowed', () => {
    const urls = ['http://127.0.0.1:8080/x', 'https://10.1.2.3/'];
    expect(checkWebhooks(urls, true)).toEqual(urls);
  });
});

describe('steps', () => {
  it.each([
    [[minuteMs]],
    [[30 * dayMs]],
    [[15 * minuteMs, 60 * minuteMs, dayMs]],
    [Array.from({ length: ruleLimits.steps }, (_, i) => (i + 1) * minuteMs)],
  ])('can be %j', (steps) => {
    expect(() => checkSteps(steps)).not.toThrow();
  });

  it.each([
    [[], 'A rule has at least one step.'],
    [[minuteMs - 1], 'A step is from 1m to 30d; 59s999ms is not.'],
    [[30 * dayMs + 1], 'A step is from 1m to 30d; 30d1ms is not.'],
    [[60 * minuteMs, 15 * minuteMs], 'Each step is longer than the one before; 15m comes after 1h.'],
    [[minuteMs, minuteMs], 'Each step is longer than the one before; 1m comes after 1m.'],
    [
      Array.from({ length: ruleLimits.steps + 1 }, (_, i) => (i + 1) * minuteMs),
      'A rule has at most 10 steps; these are 11.',
    ],
  ])('cannot be %j', async (steps, message) => {
    expect((await refused(() => checkSteps(steps))).message).toBe(message);
  });
});

it.each([
  [{ triggers: ['fault'], recipients: [], webhooks: [] }, 'would tell nobody'],
  [{ triggers: [], recipients: ['a@b.c'], webhooks: [] }, 'would tell of nothing'],
] as const)('a rule needs somebody to tell, and something to tell of: %j', async (rule, complaint) => {
  expect((await refused(() => checkTells(rule))).message).toContain(complaint);
});

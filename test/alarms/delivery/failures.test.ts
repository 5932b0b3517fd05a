import { describe, expect, it } from 'vitest';
import type { Carrier } from '../../../src/alarms/delivery/carrier.js';
import { DeliveryLine } from '../../../src/alarms/delivery/delivery-line.js';
import { MailCarrier } from '../../../src/alarms/delivery/mail-carrier.js';
import { deliveryOf } from '../../../src/alarms/delivery/mail-failure.js';
import { WebhookCarrier } from '../../../src/alarms/delivery/webhook-carrier.js';
import type { OutboxMessage } from '../../../src/domain/alarm/outbox.js';
import { effectiveSettings } from '../../../src/domain/settings.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { until } from '../../helpers/until.js';
import { DeliveryBench, plainMail } from '../delivery-bench.js';

describe('what a mail server, or the way to it, fails with', () => {
  it.each([
    ['no way to log in', { code: 'ENOAUTH' }, 'unreachable', /offers no login that can be used/],
    ['a name that nobody knows', { code: 'EDNS' }, 'unreachable', /was not found: broken/],
    ['silence', { code: 'ETIMEDOUT' }, 'unreachable', /did not answer in time/],
    [
      'silence from the beginning',
      { code: 'ETIMEDOUT', timeoutType: 'GREETING_TIMEOUT' },
      'unreachable',
      /said nothing in time/,
    ],
    ['a closed port', { code: 'ECONNECTION' }, 'unreachable', /No connection to the mail server: broken/],
    ['an address that cannot be', { code: 'EENVELOPE', command: 'API' }, 'refused', /could not be sent/],
    [
      'a full mailbox',
      { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 452, response: '452 full' },
      'failed',
      /answered: 452 full/,
    ],
    [
      'a goodbye in the middle',
      { code: 'EMESSAGE', command: 'DATA', responseCode: 421, response: '421 bye' },
      'unreachable',
      /421 bye/,
    ],
  ])('%s', (_, details, kind, reason) => {
    expect(deliveryOf(Object.assign(new Error('broken'), details))).toEqual({
      kind,
      reason: expect.stringMatching(reason),
    });
  });
});

describe('a message', () => {
  const { signal } = new AbortController();
  const off = effectiveSettings(new Map());
  const good = { notification: { kind: 'test', time: 0, rule: null }, language: 'en' };
  const message = (change: Partial<OutboxMessage>) => {
    const about = { payload: JSON.stringify(good), recipient: 'ada@example.org', kind: 'test' };
    return { ...about, ...change } as OutboxMessage;
  };

  it.each([
    [new MailCarrier(), 'Mail is off: mail.host is not set.'],
    [new WebhookCarrier({ clock: new FakeClock() }), 'Webhooks are off: there is no secret.'],
  ])('waits when what it needs was taken out of the settings meanwhile: %#', async (carrier, reason) => {
    expect(await carrier.send(message({}), off, signal)).toEqual({ kind: 'unreachable', reason });
  });

  it.each([
    [new MailCarrier(), off],
    [new WebhookCarrier({ clock: new FakeClock() }), { ...off, 'webhook.secret': 'x'.repeat(32) }],
  ])('in a language of another version is given up with that reason: %#', async (carrier, settings) => {
    const payload = JSON.stringify({ ...good, language: 'tlh' });
    expect(await carrier.send(message({ payload }), settings, signal)).toEqual({
      kind: 'refused',
      reason: 'Another version of evfleet wrote this message.',
    });
  });
});

it('a mail of which the disk did not keep that it was sent is sent again a minute later, as the same mail', async () => {
  const bench = await DeliveryBench.start({ carriers: [], settings: plainMail(25) });
  await bench.enqueue({});
  const sent: string[] = [];
  const carrier: Carrier = {
    channel: 'mail',
    state: () => ({ isOn: true, version: '1', concurrency: 1, ratePerMinute: 60 }),
    send: async ({ messageId }) => {
      sent.push(messageId);
      return { kind: 'sent' };
    },
    close: () => undefined,
  };
  const { clock, log, store } = bench;
  let isFull = true;
  const line = new DeliveryLine({
    ...{ clock, log, carrier, random: () => 0.5 },
    store: {
      read: (work) => store.read(work),
      write: (work) => (isFull ? Promise.reject(new Error('the disk is full')) : store.write(work)),
    },
  });
  line.wake();
  await until(() => sent.length === 1 && line.isIdle, 'the first attempt');
  expect(log.find(/outbox: the disk is full/)).toMatchObject([{ level: 'error' }]);
  isFull = false;
  clock.advance(59_000);
  await until(() => line.isIdle, 'rest');
  expect(sent).toHaveLength(1);
  clock.advance(1000);
  await bench.reached('sent', 1);
  expect(sent).toEqual([sent[0], sent[0]]);
  await line.close();
});

import { describe, expect, it } from 'vitest';
import type { MessageView } from '../../src/operations/record/message.js';
import { MessageLines, messageText } from '../../src/views/message.js';
import { createTerminal } from '../../src/views/terminal.js';
import { samples } from '../ocpp/v16/samples.js';

const person = (columns = 100) =>
  createTerminal({ stdout: { isTTY: true, columns }, env: { NO_COLOR: '1' }, flags: { utc: true } });
const program = createTerminal({ stdout: {}, env: {} });

function message(details: Partial<MessageView>): MessageView {
  return {
    time: '2026-05-04T10:00:00.123Z',
    stationId: 'CP001',
    direction: 'in',
    type: 'call',
    action: 'Heartbeat',
    messageId: 'm1',
    payload: {},
    latencyMs: null,
    ...details,
  };
}

const call = (action: string, payload: unknown) => messageText(message({ action, payload }));
const answer = (action: string, payload: unknown) =>
  messageText(message({ action, payload, type: 'result', latencyMs: 12 }));

const register = (value: string, unit?: string) => ({ value, ...(unit && { unit }) });

describe('in words', () => {
  it.each<[string, string]>([
    [call('Heartbeat', {}), 'Heartbeat'],
    [
      answer('Heartbeat', { currentTime: '2026-01-01T00:00:00Z' }),
      'Heartbeat answered: 2026-01-01T00:00:00Z (12 ms)',
    ],
    [
      call('BootNotification', {
        chargePointVendor: 'Acme',
        chargePointModel: 'Box',
        firmwareVersion: '1.2',
      }),
      'BootNotification: Acme Box, firmware 1.2',
    ],
    [
      answer('BootNotification', { status: 'Accepted', interval: 300, currentTime: '' }),
      'BootNotification answered: Accepted, heartbeat every 300 s (12 ms)',
    ],
    [
      answer('BootNotification', { status: 'Pending', interval: 30, currentTime: '' }),
      'BootNotification answered: Pending, try again after 30 s (12 ms)',
    ],
    [
      call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' }),
      'StatusNotification: connector 1 is Charging',
    ],
    [
      call('StatusNotification', {
        connectorId: 0,
        errorCode: 'GroundFailure',
        status: 'Faulted',
        info: 'RCD',
      }),
      'StatusNotification: the station is Faulted: GroundFailure, RCD',
    ],
    [answer('StatusNotification', {}), 'StatusNotification answered (12 ms)'],
    [
      call('MeterValues', {
        connectorId: 1,
        transactionId: 42,
        meterValue: [
          { sampledValue: [register('12000')] },
          {
            sampledValue: [
              register('12400'),
              { value: '7.4', measurand: 'Power.Active.Import', unit: 'kW' },
              { value: '2.5', measurand: 'Power.Active.Import', unit: 'kW', phase: 'L1' },
              { value: '80', measurand: 'SoC', unit: 'Percent' },
            ],
          },
        ],
      }),
      'MeterValues: connector 1, transaction 42: 12.4 kWh, 7.4 kW, 80 %, the last of 2',
    ],
    [
      call('MeterValues', { connectorId: 2, meterValue: [{ sampledValue: [register('1.5', 'kWh')] }] }),
      'MeterValues: connector 2: 1.5 kWh',
    ],
    [
      call('StartTransaction', { connectorId: 1, idTag: 'TAG1', meterStart: 1985330, timestamp: '' }),
      'StartTransaction: connector 1, tag TAG1, meter at 1985.33 kWh',
    ],
    [
      answer('StartTransaction', { idTagInfo: { status: 'Accepted' }, transactionId: 42 }),
      'StartTransaction answered: Accepted, transaction 42 (12 ms)',
    ],
    [
      call('StopTransaction', { transactionId: 42, meterStop: 2000, timestamp: '', reason: 'Remote' }),
      'StopTransaction: transaction 42, meter at 2 kWh, Remote',
    ],
    [
      call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '300' }),
      'ChangeConfiguration: HeartbeatInterval = 300',
    ],
    [call('GetConfiguration', {}), 'GetConfiguration: all keys'],
    [
      answer('GetConfiguration', {
        configurationKey: [{ key: 'A', readonly: true, value: '1' }],
        unknownKey: ['B'],
      }),
      'GetConfiguration answered: A = 1, unknown: B (12 ms)',
    ],
    [
      answer('GetConfiguration', { configurationKey: Array.from({ length: 40 }, () => ({ key: 'A' })) }),
      'GetConfiguration answered: 40 keys (12 ms)',
    ],
    [
      call('SetChargingProfile', samples.SetChargingProfile.request[0]),
      'SetChargingProfile: connector 0: TxDefaultProfile 1, level 0, 11000 W'.replace(
        'connector 0',
        'the station',
      ),
    ],
    [
      call('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 2 }),
      'TriggerMessage: MeterValues of connector 2',
    ],
    [
      messageText(
        message({
          type: 'error',
          action: 'ChangeConfiguration',
          payload: { code: 'NotImplemented', description: 'no such thing', details: {} },
          latencyMs: 3,
        }),
      ),
      'ChangeConfiguration: CALLERROR NotImplemented: no such thing (3 ms)',
    ],
    [
      messageText(
        message({
          type: 'error',
          action: null,
          payload: { code: 'GenericError', description: '', details: { a: 1 } },
        }),
      ),
      'CALLERROR GenericError {"a":1}',
    ],
    [
      messageText(message({ type: 'other', action: null, payload: { raw: 'hel\nlo' } })),
      'No OCPP message: hel lo',
    ],
    [
      messageText(message({ type: 'gap', action: null, payload: { messages: 312, reason: 'not recorded' } })),
      '312 messages are missing here: not recorded',
    ],
  ])('%s', (shown, expected) => expect(shown).toBe(expected));

  it('every message of the specification has words of its own', () => {
    for (const [action, { request, response }] of Object.entries(samples)) {
      for (const payload of request)
        expect(call(action, payload)).not.toMatch(/^\w+( answered)?: [{[]|undefined|NaN|null/);
      for (const payload of response)
        expect(answer(action, payload)).not.toMatch(/^\w+( answered)?: [{[]|undefined|NaN|null/);
    }
  });

  it.each<[string, unknown]>([
    ['StatusNotification', { connectorId: 'one', status: {} }],
    ['StatusNotification', null],
    ['MeterValues', { connectorId: 1, meterValue: { timestamp: 1 } }],
    ['MeterValues', { connectorId: 1, meterValue: [null] }],
    ['ChangeConfiguration', { key: 'x' }],
    ['constructor', { a: 1 }],
    ['VendorSpecial', [1, 2]],
  ])('%s with what nobody expects is shown as it is', (action, payload) => {
    expect(call(action, payload)).toBe(`${action}: ${JSON.stringify(payload)}`);
  });
});

describe('a person', () => {
  const render = (messages: MessageView[], columns?: number) =>
    new MessageLines(person(columns), { raw: false }).render(messages);

  it('sees time, station, direction and what happened, aligned, and each new day', () => {
    const shown = render([
      message({}),
      message({
        stationId: 'CP1',
        direction: 'out',
        type: 'result',
        latencyMs: 4,
        payload: { currentTime: 'T' },
      }),
      message({ time: '2026-05-05T00:00:00.000Z' }),
    ]);
    expect(shown).toBe(
      '2026-05-04\n' +
        '10:00:00.123  CP001  → Heartbeat\n' +
        '10:00:00.123  CP1    ← Heartbeat answered: T (4 ms)\n' +
        '2026-05-05\n' +
        '00:00:00.000  CP001  → Heartbeat\n',
    );
  });

  it('gets one line for each message, whatever a station sends', () => {
    const payload = { vendorId: 'x'.repeat(500), data: '\u001b[2J\n' };
    const shown = render([message({ action: 'DataTransfer', payload, stationId: 'A\u001b[31m' })], 60);
    expect(shown.split('\n')[1]?.length).toBe(60);
    expect(shown).not.toContain('\u001b');
  });
});

describe('a program', () => {
  it('gets tabs between the fields', () => {
    const shown = new MessageLines(program, { raw: false }).render([
      message({}),
      message({ direction: 'out' }),
    ]);
    expect(shown).toBe(
      '2026-05-04T10:00:00.123Z\tCP001\tin\tHeartbeat\n2026-05-04T10:00:00.123Z\tCP001\tout\tHeartbeat\n',
    );
  });

  it('gets bare frames with --raw, a person what belongs to them too', () => {
    const frame = '[2,"m1","Heartbeat",{}]';
    const gap = message({
      type: 'gap',
      payload: { messages: 2, reason: 'r' },
      stationId: null,
      direction: null,
    });
    expect(new MessageLines(program, { raw: true }).render([message({ frame }), gap])).toBe(`${frame}\n`);
    expect(new MessageLines(person(10), { raw: true }).render([message({ frame }), gap])).toBe(
      `2026-05-04\n10:00:00.123  CP001  → ${frame}\n10:00:00.123           2 messages are missing here: r\n`,
    );
  });
});

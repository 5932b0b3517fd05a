import { describe, expect, it } from 'vitest';
import { triggerable } from '../../src/domain/station/trigger.js';
import { actions16 } from '../../src/ocpp/v16/actions.js';
import { itemsOf } from '../../src/operations/batches.js';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import { systemUser } from '../../src/server/system.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { type ActionName, ask, online, timeoutMs } from './remote-fixture.js';

interface Case {
  readonly name: ActionName;
  readonly input: object;
  readonly action: string;
  readonly payload: object;
  /** Answers and what is said of them. */
  readonly yes: Readonly<Record<string, RegExp>>;
  readonly no: Readonly<Record<string, RegExp>>;
}

const cases: readonly Case[] = [
  {
    name: 'remote.reset',
    input: { kind: 'soft' },
    action: 'Reset',
    payload: { type: 'Soft' },
    yes: { Accepted: /^CP1 answered Accepted: it will restart\.$/ },
    no: { Rejected: /^CP1 refused to reset: Rejected, it will not restart now\.$/ },
  },
  {
    name: 'remote.reset',
    input: { kind: 'hard' },
    action: 'Reset',
    payload: { type: 'Hard' },
    yes: { Accepted: /restart/ },
    no: { Rejected: /refused to reset/, Odd: /^CP1 refused to reset: Odd\.$/ },
  },
  {
    name: 'remote.unlock',
    input: { connector: 2 },
    action: 'UnlockConnector',
    payload: { connectorId: 2 },
    yes: { Unlocked: /^CP1 has unlocked connector 2\.$/ },
    no: {
      UnlockFailed: /^CP1 refused to unlock connector 2: UnlockFailed, the cable is held; somebody has/,
      NotSupported: /^CP1 refused to unlock connector 2: NotSupported, it has no such connector, or/,
    },
  },
  {
    name: 'remote.availability',
    input: { availability: 'inoperative' },
    action: 'ChangeAvailability',
    payload: { connectorId: 0, type: 'Inoperative' },
    yes: { Accepted: /^CP1 is inoperative\.$/, Scheduled: /^CP1 will be inoperative once its session has/ },
    no: { Rejected: /^CP1 refused to become inoperative: Rejected, it does not let/ },
  },
  {
    name: 'remote.availability',
    input: { availability: 'operative', connector: 1 },
    action: 'ChangeAvailability',
    payload: { connectorId: 1, type: 'Operative' },
    yes: { Accepted: /^CP1 connector 1 is operative\.$/ },
    no: { Rejected: /^CP1 refused to make connector 1 operative: Rejected/ },
  },
  {
    name: 'remote.trigger',
    input: { message: 'statusnotification', connector: 2 },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'StatusNotification', connectorId: 2 },
    yes: { Accepted: /^CP1 answered Accepted: it will send StatusNotification of connector 2\.$/ },
    no: {
      Rejected: /^CP1 refused to send StatusNotification of connector 2: Rejected, it cannot send it now\.$/,
      NotImplemented: /NotImplemented, it does not know how to\.$/,
    },
  },
  {
    name: 'remote.clear-cache',
    input: {},
    action: 'ClearCache',
    payload: {},
    yes: { Accepted: /^CP1 has cleared its cache of tags\.$/ },
    no: { Rejected: /^CP1 refused to clear its cache of tags: Rejected, it has none, or could not/ },
  },
  {
    name: 'remote.data-transfer',
    input: { vendor: 'com.example', messageId: 'Hi', data: '{"a":1}' },
    action: 'DataTransfer',
    payload: { vendorId: 'com.example', messageId: 'Hi', data: '{"a":1}' },
    yes: { Accepted: /^CP1 answered Accepted\.$/ },
    no: {
      Rejected: /^CP1 refused to take the data of com\.example: Rejected, it knows the message, but/,
      UnknownVendorId: /UnknownVendorId, it knows nothing of this vendor\.$/,
      UnknownMessageId: /UnknownMessageId, it does not know this message of the vendor\.$/,
    },
  },
];

describe.each(cases)('$name $input', ({ name, input, action, payload, yes, no }) => {
  it('is sent as the specification has it, and every answer is told in words', async () => {
    const { server, station } = await online();
    let status = '';
    station.on(action, () => ({ status }));
    for (const [answer, message] of Object.entries(yes)) {
      status = answer;
      expect(await ask(server, name, input)).toMatchObject({
        stationId: 'CP1',
        ok: true,
        status: answer,
        code: null,
        message: expect.stringMatching(message),
      });
    }
    for (const [answer, message] of Object.entries(no)) {
      status = answer;
      expect(await ask(server, name, input)).toMatchObject({
        ok: false,
        status: answer,
        code: 'REFUSED',
        message: expect.stringMatching(message),
      });
    }
    expect(station.calls[0]).toMatchObject({ action, payload });
    const events = await server.fleet.run('event.list', { stationId: 'CP1', kind: 'remote' });
    const answers = [...Object.keys(yes), ...Object.keys(no)];
    expect(events.items.map(({ detail }) => detail)).toEqual(
      answers.map((answer) => ({ action, status: answer, by: systemUser() })),
    );
  });

  it('fails on a station that answers with an error, is silent, goes away, or is offline', async () => {
    const { server, station } = await online();
    station.on(action, () => ({ error: 'InternalError' }));
    expect(await ask(server, name, input)).toMatchObject({ code: 'REFUSED', status: 'InternalError' });
    station.on(action, () => 'silence');
    const silent = ask(server, name, input);
    await station.received(action, 2);
    server.clock.advance(timeoutMs);
    expect(await silent).toMatchObject({ code: 'TIMED_OUT', status: null });
    const left = ask(server, name, input);
    await station.leave();
    expect(await left).toMatchObject({ code: 'STATION_OFFLINE' });
    const gone = await ask(server, name, input);
    expect(gone).toMatchObject({ ok: false, code: 'STATION_OFFLINE' });
    expect(gone.message).toMatch(/offline/);
  });
});

it.each(['pending', 'rejected'] as const)('a %s station gets what it may', async (registration) => {
  const server = await TestServer.start();
  await server.add('CP1', { registration });
  const station = await server.connect('CP1');
  for (const { action, yes } of cases) station.on(action, () => ({ status: Object.keys(yes)[0] ?? '' }));
  await until(async () => (await server.fleet.run('station.show', { id: 'CP1' })).online);
  for (const { name, input } of cases.filter((one) => !JSON.stringify(one.input).includes('"connector":2'))) {
    const outcome = await ask(server, name, input);
    expect(outcome.code).toBe(registration === 'pending' ? null : 'CONFLICT');
  }
});

it.each([
  ['remote.unlock', { connector: 3 }],
  ['remote.availability', { connector: 3, availability: 'operative' }],
  ['remote.trigger', { connector: 3, message: 'MeterValues' }],
] as const)('%s asks for no connector that is not there', async (name, input) => {
  const { server, station } = await online();
  expect(await ask(server, name, input)).toMatchObject({
    code: 'NOT_FOUND',
    message: 'Station CP1 has no connector 3; it has 1, 2.',
  });
  expect(station.calls).toEqual([]);
});

describe('remote.trigger', () => {
  it('knows every message that the two actions know', () => {
    const requested = (action: 'TriggerMessage' | 'ExtendedTriggerMessage') =>
      [...actions16[action].request.properties.requestedMessage.enum].sort();
    const known = (action: string) =>
      Object.entries(triggerable)
        .filter(([, { actions }]) => (actions as readonly string[]).includes(action))
        .map(([message]) => message)
        .sort();
    for (const action of ['TriggerMessage', 'ExtendedTriggerMessage'] as const)
      expect(known(action)).toEqual(requested(action));
  });

  it.each([
    ['Heartbeat', 'TriggerMessage'],
    ['DiagnosticsStatusNotification', 'TriggerMessage'],
    ['LOGSTATUSNOTIFICATION', 'ExtendedTriggerMessage'],
    ['SignChargePointCertificate', 'ExtendedTriggerMessage'],
  ])('asks for %s by %s', async (message, action) => {
    const { server, station } = await online();
    station.on(action, () => ({ status: 'Accepted' }));
    expect(await ask(server, 'remote.trigger', { message })).toMatchObject({ ok: true, detail: { action } });
  });

  it.each([
    [{ message: 'Hartbeat' }, /"Hartbeat"/],
    [{ message: 'Heartbeat', connector: 1 }, /--connector does not fit/],
  ])('sends nothing for %j', async (input, message) => {
    const { server, station } = await online();
    await expect(ask(server, 'remote.trigger', input)).rejects.toThrow(message);
    expect(station.calls).toEqual([]);
  });
});

describe('remote.data-transfer', () => {
  it.each([
    ['text', 'pong', /^CP1 answered Accepted: pong\.$/],
    ['JSON, which many stations send', { a: [1] }, /^CP1 answered Accepted: .*"a"/],
  ])('gives what the station answers: %s', async (_, data, message) => {
    const { server, station } = await online();
    station.on('DataTransfer', () => ({ status: 'Accepted', data }));
    const outcome = await ask(server, 'remote.data-transfer', { vendor: 'v' });
    expect(outcome.message).toMatch(message);
    expect(outcome.detail?.data).toBeTruthy();
    expect(await station.received('DataTransfer')).toEqual({ vendorId: 'v' });
  });

  it.each([{ vendor: '' }, { vendor: 'x'.repeat(256) }, { vendor: 'x', messageId: 'm'.repeat(51) }])(
    'sends nothing that is too long or empty',
    async (input) => {
      const { server, station } = await online();
      await expect(ask(server, 'remote.data-transfer', input)).rejects.toMatchObject({ code: 'USAGE' });
      expect(station.calls).toEqual([]);
    },
  );
});

it('one mute station does not keep the others waiting', async () => {
  const server = await TestServer.start({ pingIntervalMs: 7_200_000 });
  const ids = ['CP1', 'CP2', 'CP3', 'CP4'];
  const stations = await Promise.all(ids.map((id) => server.connected(id)));
  for (const [index, station] of stations.entries()) {
    station.on('ClearCache', () => (index === 0 ? 'silence' : { status: 'Accepted' }));
  }
  const outcomes: BulkOutcome[] = [];
  const asked = { targets: { all: true }, concurrency: 2, timeoutMs };
  for await (const outcome of itemsOf(server.fleet.batches('remote.clear-cache', asked))) {
    outcomes.push(outcome);
    if (outcomes.length === 3) server.clock.advance(timeoutMs);
  }
  expect(outcomes.map(({ stationId, ok }) => [stationId, ok])).toEqual([
    ['CP2', true],
    ['CP3', true],
    ['CP4', true],
    ['CP1', false],
  ]);
});

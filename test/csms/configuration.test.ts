import { RPCClient } from 'ocpp-rpc';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Payload } from '../../src/ocpp/frame.js';
import { itemsOf } from '../../src/operations/batches.js';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import type { Input, Output } from '../../src/operations/fleet.js';
import { VirtualStation } from '../../src/simulator/station.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const interval = 'HeartbeatInterval';
const timeoutMs = 30_000;

/** Station keys that a scripted station has, and what it says to changes instead of doing them. */
function configurable(station: ScriptedStation, keys: Record<string, string>) {
  const values = new Map(Object.entries(keys));
  const answers: Record<string, string> = {};
  station.on('GetConfiguration', ({ key }) => {
    const wanted = (key ?? [...values.keys()]) as string[];
    const configurationKey = wanted
      .filter((name) => values.has(name))
      .map((name) => ({ key: name, readonly: false, value: values.get(name) ?? '' }));
    return { configurationKey, unknownKey: wanted.filter((name) => !values.has(name)) };
  });
  station.on('ChangeConfiguration', ({ key, value }) => {
    const status = answers[String(key)] ?? (values.has(String(key)) ? 'Accepted' : 'NotSupported');
    if (status === 'Accepted') values.set(String(key), String(value));
    return { status };
  });
  return {
    values,
    answers,
    changes: () => station.calls.filter((call) => call.action === 'ChangeConfiguration'),
  };
}

const start = () => TestServer.start({ pingIntervalMs: 3_600_000 });

function keep(server: TestServer, configuration: Record<string, string>, match: object = {}) {
  return server.fleet.run('config.keep', { templates: [{ match, configuration }] });
}

async function status(server: TestServer, stationId = 'CP1'): Promise<Record<string, string>> {
  const { items } = await server.fleet.run('config.status', { stationId });
  return Object.fromEntries(items.map(({ key, state }) => [key, state]));
}

/** Lets time pass until every desired key of the station stands like this. */
async function reaches(server: TestServer, states: Record<string, string>, stepMs = 500): Promise<void> {
  await until(async () => {
    server.clock.advance(stepMs);
    return JSON.stringify(await status(server)) === JSON.stringify(states);
  }, JSON.stringify(states));
}

async function outcomes(
  server: TestServer,
  operation: 'config.apply' | 'config.set' | 'config.pull',
  input: object,
): Promise<BulkOutcome[]> {
  const all: BulkOutcome[] = [];
  const whole = { targets: { all: true }, timeoutMs, ...input } as Input<typeof operation>;
  for await (const outcome of itemsOf<Output<typeof operation>>(server.fleet.batches(operation, whole))) {
    all.push(outcome);
  }
  return all;
}

describe('what is desired of a station', () => {
  it('is sent after its boot was accepted, and read back', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    const station = await server.connected('CP1');
    const { values } = configurable(station, { [interval]: '300' });
    await station.boot();
    expect(await status(server)).toEqual({ [interval]: 'pending' });
    await reaches(server, { [interval]: 'applied' });
    expect(values.get(interval)).toBe('60');
    const { items } = await server.fleet.run('event.list', { kind: 'remote.accepted' });
    expect(items[0]?.detail).toEqual({ action: 'ChangeConfiguration', key: interval, status: 'Accepted' });
  });

  it('is sent when it comes back, also without a boot', async () => {
    const server = await start();
    const station = await server.connected('CP1');
    await station.boot();
    await station.leave();
    await keep(server, { [interval]: '60' });
    const again = await server.connect('CP1');
    const { values } = configurable(again, { [interval]: '300' });
    await reaches(server, { [interval]: 'applied' });
    expect(values.get(interval)).toBe('60');
  });

  it('is not sent to a station that waits for its acceptance', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    await server.add('CP1', { registration: 'pending' });
    const station = await server.connect('CP1');
    configurable(station, { [interval]: '300' });
    station.on('TriggerMessage', () => ({ status: 'NotImplemented' }));
    await station.boot();
    server.clock.advance(10_000);
    await station.boot();
    expect(station.calls).toEqual([]);
    await server.fleet.run('station.update', { id: 'CP1', registration: 'accepted' });
    await station.boot();
    await reaches(server, { [interval]: 'applied' });
  });

  it('by vendor and firmware is of the firmware that it boots with', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' }, { vendor: 'acme', firmware: '2.*' });
    const station = await server.connected('CP1');
    const { changes } = configurable(station, { [interval]: '300' });
    await station.boot({ firmwareVersion: '1.9' });
    server.clock.advance(10_000);
    expect(await status(server)).toEqual({});
    await station.boot({ firmwareVersion: '2.0' });
    await reaches(server, { [interval]: 'applied' });
    expect(changes()).toHaveLength(1);
  });

  it('and refused is told apart, key by key, and tried again after the next boot only', async () => {
    const server = await start();
    await keep(server, { A: '1', B: '1', C: '1', Gone: '1' });
    const station = await server.connected('CP1');
    const { answers, changes } = configurable(station, { A: '0', B: '0', C: '0' });
    Object.assign(answers, { A: 'Rejected', B: 'RebootRequired' });
    await station.boot();
    const states = { A: 'rejected', B: 'reboot-required', C: 'applied', Gone: 'not-supported' };
    await reaches(server, states);
    expect(changes()).toHaveLength(4);
    // Short of what a station may be silent for.
    server.clock.advance(3_000_000);
    expect(await status(server)).toEqual(states);
    expect(changes()).toHaveLength(4);
    answers.A = 'Accepted';
    delete answers.B;
    await station.boot();
    await reaches(server, { A: 'applied', B: 'applied', C: 'applied', Gone: 'not-supported' });
    expect(changes().map(({ payload }) => payload.key)).toEqual(['A', 'B', 'C', 'Gone', 'A', 'B', 'Gone']);
  });

  it('and changed by somebody else is seen, and set again', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    const station = await server.connected('CP1');
    const { values } = configurable(station, { [interval]: '60' });
    await station.boot();
    await reaches(server, { [interval]: 'applied' });
    values.set(interval, '999');
    await outcomes(server, 'config.pull', {});
    expect(await status(server)).toEqual({ [interval]: 'drifted' });
    await station.boot();
    await reaches(server, { [interval]: 'applied' });
    expect(values.get(interval)).toBe('60');
  });

  it('and not answered is tried again after a while, longer each time', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    const station = await server.connected('CP1');
    let isMute = true;
    const { values } = configurable(station, { [interval]: '300' });
    const asked: number[] = [];
    station.on('GetConfiguration', ({ key }): Payload | 'silence' => {
      asked.push(server.clock.now());
      if (isMute) return 'silence';
      return {
        configurationKey: (key as string[]).map((name) => ({
          key: name,
          readonly: false,
          value: values.get(name),
        })),
      };
    });
    await station.boot();
    await until(() => {
      server.clock.advance(1000);
      return asked.length >= 3;
    });
    const [first = 0, second = 0, third = 0] = asked;
    // Its silence takes 30 s, the next attempt is looked for every 15 s.
    expect(second - first).toBeGreaterThanOrEqual(90_000);
    expect(second - first).toBeLessThanOrEqual(110_000);
    expect(third - second).toBeGreaterThanOrEqual(150_000);
    expect(server.log.find(/not configured yet/).length).toBeGreaterThanOrEqual(2);
    isMute = false;
    await reaches(server, { [interval]: 'applied' }, 1000);
  });

  it('survives a restart of the server', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    await server.add('CP1');
    await server.restart();
    const station = await server.connect('CP1');
    const { values } = configurable(station, { [interval]: '300' });
    await station.boot();
    await reaches(server, { [interval]: 'applied' });
    expect(values.get(interval)).toBe('60');
  });

  it('does not make drivers wait: a tag is answered while the station owes us an answer', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    const station = await server.connected('CP1');
    station.on('GetConfiguration', () => 'silence');
    await station.boot();
    await until(() => {
      server.clock.advance(100);
      return station.calls.length > 0;
    });
    expect(await station.call('Authorize', { idTag: 'TAG1' })).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    });
  });

  it('goes to a few stations at a time when all come back at once', async () => {
    const server = await start();
    await keep(server, { [interval]: '60' });
    const owing = new Set<string>();
    let most = 0;
    let served = 0;
    const ids = Array.from({ length: 40 }, (_, i) => `CP${i + 1}`);
    for (const id of ids) {
      const station = await server.connected(id);
      configurable(station, { [interval]: '60' });
      station.on('GetConfiguration', ({ key }) => {
        owing.add(id);
        most = Math.max(most, owing.size);
        setImmediate(() => {
          owing.delete(id);
          served += 1;
          const configurationKey = (key as string[]).map((name) => ({
            key: name,
            readonly: false,
            value: '60',
          }));
          const last = station.calls.at(-1);
          station.send(JSON.stringify([3, last?.id, { configurationKey }]));
        });
        return 'silence';
      });
      await station.boot();
    }
    await until(() => {
      server.clock.advance(100);
      return served >= ids.length;
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  it('of a virtual station comes into force by its reboot', async () => {
    const server = await start();
    await keep(server, { ConnectorPhaseRotation: '0.RTS', MeterValueSampleInterval: '30' });
    await server.add('CP1');
    const station = new VirtualStation({
      url: server.url,
      identity: 'CP1',
      clock: server.clock,
      random: () => 0.5,
      configuration: { WebSocketPingInterval: '0', GetConfigurationMaxKeys: '1' },
    });
    onTestFinished(() => station.stop());
    station.start();
    await station.untilAccepted();
    await reaches(server, { ConnectorPhaseRotation: 'reboot-required', MeterValueSampleInterval: 'applied' });
    await server.fleet.run('remote.call', {
      stationId: 'CP1',
      action: 'Reset',
      payload: { type: 'Hard' },
      timeoutMs,
    });
    await reaches(server, { ConnectorPhaseRotation: 'applied', MeterValueSampleInterval: 'applied' }, 200);
  });
});

it('config apply says what came of it at each station', async () => {
  const server = await start();
  const one = await server.connected('CP1');
  const two = await server.connected('CP2');
  await server.add('CP3');
  configurable(one, { A: '0', B: '0' });
  const { answers } = configurable(two, { A: '0', B: '0' });
  answers.B = 'Rejected';
  const templates = [{ match: {}, configuration: { A: '1', B: '1' } }];
  const said = await outcomes(server, 'config.apply', { templates });
  said.sort((a, b) => (a.stationId < b.stationId ? -1 : 1));
  expect(said).toMatchObject([
    { stationId: 'CP1', ok: true, status: 'Accepted', message: 'CP1: 2 of 2 as desired; 2 sent.' },
    { stationId: 'CP2', ok: false, code: 'REFUSED', message: 'CP2: 1 of 2 as desired; 2 sent; refused: B.' },
    {
      stationId: 'CP3',
      ok: true,
      status: null,
      message: 'CP3 is offline; it gets its values when it connects.',
    },
  ]);
  // Kept for these stations, so that the third one gets them when it comes.
  const three = await server.connect('CP3');
  const { values } = configurable(three, { A: '0', B: '0' });
  await three.boot();
  await until(() => {
    server.clock.advance(500);
    return values.get('A') === '1' && values.get('B') === '1';
  });
});

it('a deleted station leaves nothing of its configuration', async () => {
  const server = await start();
  const station = await server.connected('CP1');
  configurable(station, { A: '0' });
  await outcomes(server, 'config.pull', {});
  await station.leave();
  await server.fleet.run('station.delete', { id: 'CP1' });
  await server.add('CP1');
  await expect(server.fleet.run('config.cached', { stationId: 'CP1', keys: [] })).rejects.toThrow(
    'Nothing is known of the configuration of CP1 yet.',
  );
});

describe('a strict station of another maker', () => {
  it('has no objection to what it is asked and told', async () => {
    const server = await start();
    await server.add('CP1');
    const endpoint = server.url.replace(/\/$/, '');
    const options = { endpoint, identity: 'CP1', protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
    const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]);
    const objections: unknown[] = [];
    for (const event of ['strictValidationFailure', 'badMessage'] as const) {
      client.on(event, (detail: unknown) => objections.push(detail));
    }
    const asked: string[] = [];
    const handlers: Record<string, (call: { params: Payload }) => Payload> = {
      GetConfiguration({ params }) {
        const names = (params.key as string[] | undefined) ?? [interval, 'GetConfigurationMaxKeys'];
        asked.push(`get ${names.length}`);
        const value = (name: string) => (name === interval ? '60' : '1');
        return { configurationKey: names.map((key) => ({ key, readonly: false, value: value(key) })) };
      },
      ChangeConfiguration({ params }) {
        asked.push(`set ${params.key}=${params.value}`);
        return { status: 'Accepted' };
      },
    };
    for (const [action, handler] of Object.entries(handlers)) {
      (client.handle as unknown as (name: string, handle: typeof handler) => void).call(
        client,
        action,
        handler,
      );
    }
    await client.connect();
    onTestFinished(async () => {
      await client.close();
    });
    await outcomes(server, 'config.pull', {});
    await server.fleet.run('config.get', { stationId: 'CP1', keys: [interval, 'X'], timeoutMs });
    await outcomes(server, 'config.set', {
      values: [
        { key: interval, value: '60' },
        { key: 'X', value: '' },
      ],
    });
    expect(asked).toEqual(['get 2', 'get 1', 'get 1', `set ${interval}=60`, 'set X=', 'get 1', 'get 1']);
    expect(objections).toEqual([]);
  });
});

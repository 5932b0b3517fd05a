import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { ask, lapse, online } from './remote-fixture.js';

describe('waiting for a reset', () => {
  const waitMs = 60_000;
  const accepting = (station: ScriptedStation) => station.on('Reset', () => ({ status: 'Accepted' }));

  it('ends with the next boot, and says which firmware came with it', async () => {
    const { server, station } = await online();
    await station.boot({ firmwareVersion: '1.0' });
    accepting(station);
    const resetting = ask(server, 'remote.reset', { kind: 'soft', waitMs });
    await station.received('Reset');
    await station.leave();
    server.clock.advance(12_000);
    const again = await server.connect('CP1');
    await again.boot({ firmwareVersion: '2.0' });
    expect(await resetting).toMatchObject({
      ok: true,
      status: 'Accepted',
      message: 'CP1 is back after 12s, firmware 2.0.',
      detail: { back: 'booted', afterMs: 12_000, firmwareVersion: '2.0' },
    });
  });

  it('takes a station that only reconnects for back, a little later', async () => {
    const { server, station } = await online();
    accepting(station);
    const resetting = ask(server, 'remote.reset', { kind: 'soft', waitMs });
    await station.received('Reset');
    await station.leave();
    const again = await server.connect('CP1');
    await again.call('Heartbeat', {});
    const outcome = await lapse(server, resetting);
    expect(outcome).toMatchObject({ ok: true, detail: { back: 'reconnected' } });
    expect(outcome.message).toMatch(/^CP1 is back after \d+s, connected without a BootNotification\.$/);
  });

  it('does not wait for one that refuses, and gives up on one that stays away', async () => {
    const { server, station } = await online();
    station.on('Reset', () => ({ status: 'Rejected' }));
    expect(await ask(server, 'remote.reset', { kind: 'soft', waitMs })).toMatchObject({ code: 'REFUSED' });
    accepting(station);
    const resetting = ask(server, 'remote.reset', { kind: 'soft', waitMs });
    await station.received('Reset', 2);
    await station.leave();
    expect(await lapse(server, resetting)).toMatchObject({
      ok: false,
      code: 'TIMED_OUT',
      message: 'CP1 accepted the reset, but is not back yet.',
    });
  });

  it('is not fooled by an earlier boot, nor by the boot of another station', async () => {
    const { server, station } = await online();
    await station.boot();
    const other = await server.connected('CP2');
    accepting(station);
    let isDone = false;
    const resetting = ask(server, 'remote.reset', { kind: 'soft', waitMs }).finally(() => {
      isDone = true;
    });
    await station.received('Reset');
    await other.boot();
    await station.call('Heartbeat', {});
    expect(isDone).toBe(false);
    await station.boot();
    expect(await resetting).toMatchObject({ ok: true });
  });
});

describe('a reset whose answer never came, because the station dropped the line', () => {
  const waitMs = 60_000;
  const dropping = async () => {
    const { server, station } = await online();
    station.on('Reset', () => {
      station.cut();
      return 'silence';
    });
    return { server, station };
  };

  it('is waited for: the station is back with its next boot', async () => {
    const { server, station } = await dropping();
    const resetting = ask(server, 'remote.reset', { kind: 'hard', waitMs });
    await station.closed;
    server.clock.advance(3000);
    await (await server.connect('CP1')).boot({ firmwareVersion: '2.0' });
    expect(await resetting).toMatchObject({
      ok: true,
      status: null,
      message: 'CP1 is back after 3s, firmware 2.0.',
      detail: { back: 'booted' },
    });
  });

  it('is in doubt when the station only connects again: the line may just have broken', async () => {
    const { server, station } = await dropping();
    const resetting = ask(server, 'remote.reset', { kind: 'hard', waitMs });
    await station.closed;
    await (await server.connect('CP1')).call('Heartbeat', {});
    expect(await lapse(server, resetting)).toMatchObject({
      code: 'TIMED_OUT',
      message: 'CP1 went offline without an answer to the reset, and is connected again without a boot.',
    });
  });

  it('is still pending when the station stays away', async () => {
    const { server, station } = await dropping();
    const resetting = ask(server, 'remote.reset', { kind: 'hard', waitMs });
    await station.closed;
    expect(await lapse(server, resetting)).toMatchObject({
      code: 'TIMED_OUT',
      message: 'CP1 went offline without an answer to the reset, and is not back yet.',
    });
  });

  it('is offline where nobody waits, with a hint to wait', async () => {
    const { server } = await dropping();
    expect(await ask(server, 'remote.reset', { kind: 'hard' })).toMatchObject({
      code: 'STATION_OFFLINE',
      suggestions: ['It may be restarting: --wait waits until it is back.'],
    });
  });
});

describe('waiting for availability', () => {
  const waitMs = 3_600_000;
  const status = (station: ScriptedStation, connectorId: number, state: string) =>
    station.call('StatusNotification', { connectorId, status: state, errorCode: 'NoError' });

  it('ends when all connectors show it', async () => {
    const { server, station } = await online();
    station.on('ChangeAvailability', () => ({ status: 'Scheduled' }));
    await status(station, 1, 'Charging');
    await status(station, 2, 'Available');
    let isDone = false;
    const changing = ask(server, 'remote.availability', { availability: 'inoperative', waitMs }).finally(
      () => {
        isDone = true;
      },
    );
    await station.received('ChangeAvailability');
    await status(station, 2, 'Unavailable');
    await status(station, 1, 'Finishing');
    expect(isDone).toBe(false);
    await status(station, 1, 'Unavailable');
    expect(await changing).toMatchObject({
      ok: true,
      status: 'Scheduled',
      message: 'CP1 is inoperative now.',
      detail: { inForce: true },
    });
  });

  it('is over at once where nothing has to end first', async () => {
    const { server, station } = await online();
    station.on('ChangeAvailability', () => ({ status: 'Accepted' }));
    const outcome = await ask(server, 'remote.availability', { availability: 'operative', waitMs });
    expect(outcome).toMatchObject({ ok: true, status: 'Accepted', detail: { inForce: true } });
  });

  it('says that the session goes on when time is up', async () => {
    const { server, station } = await online();
    station.on('ChangeAvailability', () => ({ status: 'Scheduled' }));
    await status(station, 1, 'Charging');
    const input = { availability: 'inoperative', connector: 1, waitMs: 60_000 };
    const changing = ask(server, 'remote.availability', input);
    await station.received('ChangeAvailability');
    expect(await lapse(server, changing)).toMatchObject({
      code: 'TIMED_OUT',
      message: 'CP1 connector 1 is still to become inoperative: a session goes on.',
    });
  });
});

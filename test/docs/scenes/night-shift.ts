import os from 'node:os';
import { vi } from 'vitest';
import { connectFleet } from '../../../src/cli/remote/http-fleet.js';
import type { Fleet } from '../../../src/operations/fleet.js';
import { startServer } from '../../../src/server/serve.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { ScriptedStation } from '../../helpers/scripted-station.js';
import { until } from '../../helpers/until.js';
import type { Scene } from './scene.js';

const minuteMs = 60_000;
const nightMs = 50 * minuteMs;

/**
 * A server that has run for most of an hour: KISTA-001 complained of a weak signal, was lost twice, and a quarter of an hour
 * ago for good, so that a mail has just come. From then on its clock goes as all others do.
 */
export const nightShift: Scene = async ({ dataDir, port, mailPort, mails }) => {
  // Who serves is the reader, whoever runs the tests.
  const reader = vi.spyOn(os, 'userInfo').mockReturnValue({ ...os.userInfo(), username: 'ada' });
  const clock = new FakeClock();
  clock.jump(Date.now() - nightMs - clock.now());
  const server = await startServer({
    dataDir,
    host: '127.0.0.1',
    port,
    unknownStations: 'reject',
    lockTimeoutMs: 0,
    // Nobody would answer in the minutes that pass at once.
    pingIntervalMs: 24 * 60 * minuteMs,
    clock,
    log: new RecordingLog(),
  });
  const fleet = await connectFleet({
    socketPath: server.controlSocket,
    signal: new AbortController().signal,
  });
  if (!fleet) throw new Error('nobody listens on the control socket');
  await furnish(fleet, mailPort);
  const others = [await come(server.url, 'SOLNA-001'), await come(server.url, 'SOLNA-002')];
  for (const awayMs of [4 * minuteMs, 2 * minuteMs]) {
    const station = await come(server.url, 'KISTA-001');
    await pass(clock, 8 * minuteMs);
    await report(station, 1, { errorCode: 'WeakSignal', info: 'LTE -117 dBm' });
    await lose(fleet, station);
    await pass(clock, awayMs);
  }
  const station = await come(server.url, 'KISTA-001');
  await report(station, 1, { errorCode: 'WeakSignal', info: 'LTE -119 dBm' });
  await pass(clock, 12 * minuteMs);
  await lose(fleet, station);
  await pass(clock, Date.now() - clock.now());
  const ticking = setInterval(() => clock.advance(Math.max(0, Date.now() - clock.now())), 10);
  await until(() => mails() > 0, 'the mail');
  return async () => {
    for (const other of others) other.cut();
    await fleet.close();
    await server.close();
    clearInterval(ticking);
    reader.mockRestore();
  };
};

async function furnish(fleet: Fleet, mailPort: number): Promise<void> {
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('site.create', { name: 'Kista' });
  await fleet.run('station.create', { id: 'SOLNA-001', site: 'Solna', name: 'North wall' });
  await fleet.run('station.create', { id: 'SOLNA-002', site: 'Solna', name: 'South wall' });
  await fleet.run('station.create', { id: 'KISTA-001', site: 'Kista', name: 'Garage' });
  await fleet.run('tag.create', { tag: '04A2B3C4' });
  const mail = { 'mail.host': 'localhost', 'mail.port': `${mailPort}`, 'mail.secure': 'none' };
  const settings = Object.entries({ ...mail, 'mail.from': 'alarms@example.org' });
  await fleet.run('settings.set', { settings: settings.map(([key, value]) => ({ key, value })) });
  const triggers = ['connection-lost' as const];
  await fleet.run('alarm-rule.create', { name: 'Lost', all: true, triggers, recipients: ['bo@example.org'] });
}

async function come(url: string, id: string): Promise<ScriptedStation> {
  const station = await ScriptedStation.connect(url, id);
  await station.boot({
    chargePointVendor: 'evfleet',
    chargePointModel: 'Virtual AC',
    chargePointSerialNumber: id,
    firmwareVersion: '1.0.0',
  });
  await report(station, 0);
  await report(station, 1);
  return station;
}

async function report(
  station: ScriptedStation,
  connectorId: number,
  details: { readonly errorCode?: string; readonly info?: string } = {},
): Promise<void> {
  await station.call('StatusNotification', {
    connectorId,
    status: 'Available',
    errorCode: 'NoError',
    ...details,
  });
}

async function lose(fleet: Fleet, station: ScriptedStation): Promise<void> {
  station.cut();
  await until(async () => !(await fleet.run('station.show', { id: 'KISTA-001' })).online, 'the loss');
}

/** Step by step, with a moment in between: what becomes due is done, and on disk, before what comes after it. */
async function pass(clock: FakeClock, durationMs: number): Promise<void> {
  for (let leftMs = durationMs; leftMs > 0; leftMs -= minuteMs) {
    clock.advance(Math.min(minuteMs, leftMs));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

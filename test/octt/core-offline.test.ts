import { expect, it } from 'vitest';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Core: power cuts and sessions that are reported later. */

const hour = 3600_000;

it('TC_032_1_CSMS: the power fails; the stop is reported after the next boot', async () => {
  const bench = await Certification.begin();
  const id = await bench.charging();
  const stoppedAt = bench.now;
  await bench.goOffline(hour);
  await bench.boot();
  await bench.stop(id, 'PowerLoss', { timestamp: stoppedAt });
  expect(await bench.session(id)).toMatchObject({
    ...{ state: 'ended', stopReason: 'PowerLoss', stopTime: stoppedAt },
  });
});

it('TC_037_1_CSMS: a session that began offline with a valid tag is accepted', async () => {
  const bench = await Certification.begin();
  const timestamp = bench.now;
  await bench.goOffline(hour);
  const id = await bench.start({ timestamp });
  await bench.status('Charging');
  expect(await bench.session(id)).toMatchObject({
    ...{ state: 'active', startTime: timestamp, serverLogTime: bench.now },
  });
});

it('TC_037_3_CSMS: a session that began offline with an unknown tag gets an id and is told so', async () => {
  const bench = await Certification.begin();
  const timestamp = bench.now;
  await bench.goOffline(hour);
  const begin = { connectorId: 1, idTag: 'NOBODY', meterStart: 1000, timestamp };
  const { transactionId, idTagInfo } = await bench.tell('StartTransaction', begin);
  expect(idTagInfo.status).toBe('Invalid');
  expect(transactionId).toBeGreaterThan(0);
  await bench.stop(transactionId, 'DeAuthorized');
  await bench.free();
  expect(await bench.session(transactionId)).toMatchObject({
    ...{ state: 'ended', stopReason: 'DeAuthorized', energyKwh: 2, tag: 'NOBODY', verdict: 'Invalid' },
  });
});

it('TC_039_CSMS: a session that passed offline from beginning to end', async () => {
  const bench = await Certification.begin();
  const [startTime, stopTime] = [bench.now, bench.server.clock.iso(hour)];
  await bench.goOffline(2 * hour);
  const id = await bench.start({ timestamp: startTime });
  await bench.stop(id, 'Local', { timestamp: stopTime, idTag: 'VALID' });
  expect(await bench.session(id)).toMatchObject({ state: 'ended', startTime, stopTime, duration: 3600 });
});

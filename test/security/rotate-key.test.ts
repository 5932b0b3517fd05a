import fs from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { basic, hexKey, keyBytes } from '../helpers/station-key.js';
import { secureFleet } from './secure-fleet.js';

/** A station that shows its certificate, and its key beside it; it says yes to a new key. */
async function ofProfile3() {
  const { server, ca, tlsUrl } = await secureFleet();
  await server.fleet.run('station.create', { id: 'CP1', authKey: hexKey, securityProfile: 3 });
  const { certFile, keyFile } = await server.fleet.run('certificate.issue-station', { stationId: 'CP1' });
  const [cert, key] = await Promise.all([certFile, keyFile].map((file) => fs.readFile(file ?? '', 'utf8')));
  const connect = (shown: object = {}) => ScriptedStation.connect(tlsUrl, 'CP1', { ca, cert, key, ...shown });
  const station = await connect(basic('CP1', keyBytes));
  await station.boot();
  station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
  const rotate = async (): Promise<BulkOutcome> => {
    const targets = { stationIds: ['CP1'] };
    const wait = { timeoutMs: 30_000, waitMs: 30_000, reconnect: true };
    for await (const outcome of server.fleet.stream('station.rotate-key', { targets, ...wait }))
      return outcome;
    throw new Error('nothing was said');
  };
  const show = () => server.fleet.run('station.show', { id: 'CP1' });
  const newKey = async () => String((await station.received('ChangeConfiguration')).value);
  return { station, connect, rotate, show, newKey };
}

it('a new key that is shown beside a certificate is the one in force', async () => {
  const { station, connect, rotate, show, newKey } = await ofProfile3();
  const outcome = rotate();
  await station.closed;
  await connect(basic('CP1', await newKey()));
  expect(await outcome).toMatchObject({ ok: true, detail: { shown: true } });
  expect(await show()).toMatchObject({ pendingAuthKey: null, hasAuthKey: true, shownProfile: 3 });
});

it.each([
  ['no key', {}],
  ['a wrong key', basic('CP1', 'a key that nobody knows')],
])('a station that shows its certificate and %s is let in: both its keys stay good', async (_, shown) => {
  const { station, connect, rotate, show } = await ofProfile3();
  const outcome = rotate();
  await station.closed;
  await connect(shown);
  expect(await outcome).toMatchObject({
    ok: false,
    message:
      'CP1 answered Accepted to its new key, but logs in by its certificate, without a key that is good: the new one and the one before both stay good.',
    suggestions: ['evfleet station show CP1'],
  });
  expect(await show()).toMatchObject({ pendingAuthKey: 'accepted', shownProfile: 3 });
});

it('a station that shows its certificate and its old key is back without the new one', async () => {
  const { station, connect, rotate, show } = await ofProfile3();
  const outcome = rotate();
  await station.closed;
  await connect(basic('CP1', keyBytes));
  expect((await outcome).message).toMatch(/is back without it; the key before is still good/);
  expect(await show()).toMatchObject({ pendingAuthKey: 'accepted', shownProfile: 3 });
});

it('wrong keys beside a certificate never keep a station out', async () => {
  const { station, connect, rotate } = await ofProfile3();
  const outcome = rotate();
  await station.closed;
  for (let n = 0; n < 25; n += 1) await connect(basic('CP1', `wrong key number ${n}`));
  expect(await outcome).toMatchObject({ ok: false });
});

import { expect, it } from 'vitest';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { presentClock } from '../pki/fixture.js';
import { connectWithKey, eventKinds, passUntil, requestOf, startFleet } from './flow-fixture.js';

const accept = () => ({ status: 'Accepted' });

/** Asked for it, the station makes a request at once. */
function asksWhenTold(station: ScriptedStation, name?: string): ScriptedStation {
  return station.on('ExtendedTriggerMessage', () => {
    void requestOf(name).then(({ csr }) => station.call('SignCertificate', { csr }));
    return { status: 'Accepted' };
  });
}

/** No time passes by itself: what ends before its time has not waited for it. */
async function renew(server: TestServer): Promise<BulkOutcome> {
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000, waitMs: 60_000 };
  for await (const outcome of server.fleet.stream('certificate.renew', input)) return outcome;
  throw new Error('nothing was said');
}

it('TC_074: asked for it, a station gets a new certificate, and the command waits for that', async () => {
  const server = await startFleet();
  const station = asksWhenTold(await connectWithKey(server)).on('CertificateSigned', accept);
  expect(await renew(server)).toMatchObject({ ok: true, detail: { serial: expect.any(String) } });
  expect(station.calls[0]).toMatchObject({
    action: 'ExtendedTriggerMessage',
    payload: { requestedMessage: 'SignChargePointCertificate' },
  });
  expect(station.calls[0]?.payload).not.toHaveProperty('connectorId');
});

it('a request that is refused here ends the wait at once', async () => {
  const server = await startFleet();
  asksWhenTold(await connectWithKey(server), 'CP2');
  expect(await renew(server)).toMatchObject({
    ok: false,
    code: 'CONFLICT',
    message: 'CP1 asked for a certificate, which was refused here: it is for the name "CP2", not "CP1".',
    suggestions: ['evfleet event list --station CP1'],
  });
});

it('without an authority nobody waits for one', async () => {
  const server = await TestServer.start({ clock: presentClock() });
  asksWhenTold(await connectWithKey(server));
  expect(await renew(server)).toMatchObject({
    code: 'CONFLICT',
    message: 'CP1 asked for a certificate, which was refused here: no certificate authority is set up.',
  });
});

it('a station that will not take its certificate ends the wait at once', async () => {
  const server = await startFleet();
  asksWhenTold(await connectWithKey(server)).on('CertificateSigned', () => ({ status: 'Rejected' }));
  expect(await renew(server)).toMatchObject({
    ok: false,
    code: 'REFUSED',
    status: 'Rejected',
    message: 'CP1 answered Rejected to its new certificate. It will be offered to it again later.',
  });
});

it('a certificate that cannot be sent ends the wait at once', async () => {
  const server = await startFleet();
  const station = asksWhenTold(await connectWithKey(server)).on('GetConfiguration', () => ({
    configurationKey: [{ key: 'CertificateSignedMaxChainSize', readonly: true, value: '400' }],
  }));
  await server.fleet.run('config.get', { stationId: 'CP1', keys: [], timeoutMs: 30_000 });
  expect(await renew(server)).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(
      /^CP1 got no certificate: the chain is \d+ characters long, .* at most\.$/,
    ),
  });
  expect(station.calls.map(({ action }) => action)).not.toContain('CertificateSigned');
});

it('what went wrong before it was asked does not count', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  await station.call('SignCertificate', { csr: 'garbage' });
  await until(async () => (await eventKinds(server)).includes('signing-refused'));
  asksWhenTold(station).on('CertificateSigned', accept);
  expect(await renew(server)).toMatchObject({ ok: true });
});

it('a station that does not ask is waited for as long as was said', async () => {
  const server = await startFleet();
  (await connectWithKey(server)).on('ExtendedTriggerMessage', accept);
  let outcome: BulkOutcome | undefined;
  void renew(server).then((one) => {
    outcome = one;
  });
  const before = server.clock.now();
  await passUntil(server, () => outcome !== undefined);
  expect(outcome).toMatchObject({ code: 'TIMED_OUT' });
  expect(server.clock.now() - before).toBeGreaterThanOrEqual(60_000);
});

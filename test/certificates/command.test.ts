import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextAttempt } from '../../src/domain/certificate/signing-request.js';
import {
  checkCsrCommand,
  csrCommandTimeoutMs,
  runCsrCommand,
} from '../../src/server/certificate/csr-command.js';
import { failure } from '../helpers/failure.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { until } from '../helpers/until.js';
import { authority, dayMs } from '../pki/fixture.js';
import {
  certificateEvents,
  certificates,
  chainsAt,
  connectWithKey,
  eventKinds,
  program,
  requestOf,
  startFleet,
} from './flow-fixture.js';

async function run(script: string, change: { clock?: FakeClock; signal?: AbortSignal } = {}) {
  const file = await program(await temporaryDirectory(), script);
  const { signal } = new AbortController();
  const input = { csr: 'the request', stationId: 'CP1', clock: new FakeClock(), signal, ...change };
  return runCsrCommand(file, input);
}

describe('a program that signs', () => {
  it('gets the request and the id of the station, and says the chain', async () => {
    expect(await run('cat; echo " of $EVFLEET_STATION_ID"')).toBe('the request of CP1\n');
  });

  it('gets nothing else of what this process was told', async () => {
    process.env.EVFLEET_API_KEY = 'a secret';
    try {
      const names = (await run('env')).split('\n').map((line) => line.split('=')[0]);
      expect(names).toContain('PATH');
      expect(names).not.toContain('EVFLEET_API_KEY');
    } finally {
      delete process.env.EVFLEET_API_KEY;
    }
  });

  it('may leave its input alone', async () => {
    expect(await run('exec 0<&-; echo done')).toBe('done\n');
  });

  it.each([
    ['fails', 'echo "no such account" >&2; exit 3', 'CONFLICT', /ended with 3: no such account/],
    ['is killed', 'kill -9 $$', 'CONFLICT', /ended with a signal/],
    [
      'never stops talking',
      'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxx; done',
      'CONFLICT',
      /more than 65536 bytes/,
    ],
  ] as const)('that %s is no authority', async (_, script, code, why) => {
    const error = await failure(run(script), code);
    expect(error.message).toMatch(why);
  });

  it('that takes too long is ended, with what it has begun', async () => {
    const clock = new FakeClock();
    const work = failure(run('sleep 600 & sleep 600', { clock }), 'TIMED_OUT');
    await until(() => clock.pending > 0);
    clock.advance(csrCommandTimeoutMs);
    expect((await work).message).toContain('longer than 60 s');
  });

  it('that is there no more is none', async () => {
    const { signal } = new AbortController();
    const input = { csr: 'the request', stationId: 'CP1', clock: new FakeClock(), signal };
    const error = await failure(runCsrCommand(`${await temporaryDirectory()}/none`, input), 'CONFLICT');
    expect(error.message).toContain('ENOENT');
  });

  it('ends with the server', async () => {
    const abort = new AbortController();
    const work = failure(run('sleep 600', { signal: abort.signal }), 'CONFLICT');
    setTimeout(() => abort.abort(), 20);
    await work;
  });

  it('has to be one', async () => {
    const directory = await temporaryDirectory();
    await failure(checkCsrCommand(directory), 'USAGE');
    await failure(checkCsrCommand(`${directory}/none`), 'USAGE');
    await checkCsrCommand(await program(directory, 'true'));
  });
});

describe('what another authority answered', () => {
  it.each([
    ['nothing', () => '', /no certificate/],
    ['words', () => 'sorry', /no certificate/],
    ['more than any chain has', (chain: string) => chain.repeat(200), /no certificate/],
    ['a private key too', (chain: string) => `${chain}-----BEGIN PRIVATE KEY-----\n`, /private key/],
    ['its own certificate', (_: string, ca: string) => ca, /another key/],
    ['a chain in the wrong order', (chain: string, ca: string) => ca + chain, /another key/],
    ['a chain that does not hang together', (chain: string) => chain + chain, /follow from each other/],
  ])('%s goes to no station', async (_, answer, why) => {
    const { pki, ca } = await authority();
    const { csr } = await requestOf();
    const subject = { commonName: 'CP1', organization: 'Acme' };
    const { pem } = await pki.sign(csr, subject, { validityMs: dayMs });
    await expect(pki.readChain(answer(pem, ca.pem), csr)).rejects.toThrow(why);
  });

  it.each([
    ['for somebody else', 'CP2', dayMs, /for CN=CP2, not CN=CP1/],
    ['that has ended', 'CP1', -60_000, /it ended/],
  ])('a certificate %s goes to no station', async (_, commonName, validityMs, why) => {
    const { pki } = await authority();
    const { csr } = await requestOf();
    const { pem } = await pki.sign(csr, { commonName, organization: null }, { validityMs });
    await expect(pki.readChain(pem, csr)).rejects.toThrow(why);
  });

  it('what stands around the certificates is left out', async () => {
    const { pki, ca } = await authority();
    const { csr } = await requestOf();
    const { pem } = await pki.sign(csr, { commonName: 'CP1', organization: null }, { validityMs: dayMs });
    const read = await pki.readChain(`subject=CP1\n${pem}\nissuer=CA\n${ca.pem}bye`, csr);
    expect(read.pem).toBe(pem + ca.pem);
  });
});

it('a fleet whose certificates are signed elsewhere', async () => {
  const { pki, dataDir, ca } = await authority();
  const { csr } = await requestOf();
  const { pem } = await pki.sign(
    csr,
    { commonName: 'CP1', organization: 'Acme' },
    { validityMs: 90 * dayMs },
  );
  const csrCommand = await program(dataDir, `cat > /dev/null\ncat <<'END'\n${pem}${ca.pem}END`);
  const server = await startFleet({ csrCommand });
  const station = await connectWithKey(server);
  station.on('CertificateSigned', () => ({ status: 'Accepted' }));
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Accepted' });
  await until(async () => (await eventKinds(server)).includes('installed'));
  expect(chainsAt(station)).toEqual([pem + ca.pem]);
  expect(await certificates(server)).toMatchObject([{ stationId: 'CP1', origin: 'command' }]);
});

it('what does not work elsewhere is tried again, then given up; the station is sent nothing', async () => {
  const directory = await temporaryDirectory();
  const runs = path.join(directory, 'runs');
  const csrCommand = await program(directory, `echo >> '${runs}'; echo "closed today" >&2; exit 1`);
  const server = await startFleet({ csrCommand });
  const station = await connectWithKey(server);
  const { csr } = await requestOf();
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Accepted' });
  let told = 0;
  let due = 0;
  await until(async () => {
    if ((await eventKinds(server)).includes('failed')) return true;
    const begun = existsSync(runs) ? readFileSync(runs, 'utf8').length : 0;
    const over = server.log.find(/tried again later/).length;
    if (over > told) due = nextAttempt(over, server.clock.now()) ?? 0;
    told = over;
    // The program is a real one: no time passes while it runs, and little while it may be about to.
    if (begun === over) server.clock.advance(server.clock.now() < due ? 15_000 : 250);
    return false;
  });
  expect(readFileSync(runs, 'utf8')).toHaveLength(5);
  expect((await certificateEvents(server)).at(-1)).toMatchObject({
    reason: expect.stringContaining('closed today'),
  });
  expect(station.calls).toEqual([]);
});

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createMailProbe } from '../../../src/alarms/delivery/mail-probe.js';
import { type MailServer, mailConfiguration } from '../../../src/domain/alarm/mail-configuration.js';
import { checkMail } from '../../../src/domain/check/mail-check.js';
import { effectiveSettings } from '../../../src/domain/settings.js';
import { TestAuthority } from '../../helpers/certificates.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { MailBin, rawServer } from '../delivery-bench.js';

const { signal } = new AbortController();
const authority = new TestAuthority();

function server(port: number, change: Partial<MailServer> = {}): MailServer {
  return {
    host: '127.0.0.1',
    port,
    secure: 'none',
    caFile: undefined,
    login: null,
    from: { name: '', address: 'alarms@fleet.example' },
    replyTo: undefined,
    maxConnections: 3,
    ratePerMinute: 100,
    ...change,
  };
}

const probe = (to: MailServer) => createMailProbe({ messageMs: 2000 }).probe(to, signal);

it('says nothing of a server that takes mail, and sends none', async () => {
  const bin = new MailBin();
  expect(await probe(server(await bin.listen()))).toBeUndefined();
  expect(bin.mails).toEqual([]);
});

it('says what is wrong with TLS and login', async () => {
  const bin = new MailBin({
    ...authority.server(),
    authOptional: false,
    onAuth: ({ password }, _session, callback) =>
      password === 'right' ? callback(null, { user: 'x' }) : callback(new Error('Go away')),
  });
  const port = await bin.listen();
  const caFile = path.join(await temporaryDirectory(), 'ca.pem');
  await writeFile(caFile, authority.cert);
  const login = (password: string) => ({ login: { user: 'alarms', password }, secure: 'starttls' as const });
  expect(await probe(server(port, { ...login('right'), caFile }))).toBeUndefined();
  expect(await probe(server(port, { ...login('wrong'), caFile }))).toMatch(
    /^The mail server refused the login: 535/,
  );
  expect(await probe(server(port, login('right')))).toMatch(
    /^No connection to the mail server: .*certificate/,
  );
  expect(await probe(server(port, { ...login('right'), caFile: '/nowhere/ca.pem' }))).toMatch(/ENOENT/);
});

it('gives a server up that is not there, says nothing, or never ends', async () => {
  const bin = new MailBin();
  const gone = await bin.listen();
  await bin.close();
  expect(await probe(server(gone))).toMatch(/^No connection to the mail server: .*ECONNREFUSED/);
  const drip = await rawServer((socket) => {
    const timer = setInterval(() => socket.write('220-x\r\n'), 5);
    socket.once('close', () => clearInterval(timer));
  });
  const patient = createMailProbe({ messageMs: 100 });
  expect(await patient.probe(server(drip), signal)).toBe('The mail server did not answer in time.');
  const mute = await rawServer(() => undefined);
  expect(await patient.probe(server(mute), signal)).toBe('The mail server did not answer in time.');
});

const facts = {
  offReason: null,
  address: 'smtp.example.org:587',
  secure: 'starttls',
  logsIn: true,
  failure: null,
  dead: 0,
} as const;

it.each([
  ['works', facts, ['ok'], /takes mail by TLS, and takes the login\.$/, null],
  ['is off', { ...facts, offReason: 'mail.host is not set' }, ['warning'], /^Mail is off, /, /mail.host=/],
  [
    'has no password',
    { ...facts, offReason: 'mail.user is set, but mail.password is not' },
    ['warning'],
    /mail.password is not\.$/,
    /--secret-stdin mail.password/,
  ],
  ['gives its password away', { ...facts, secure: 'none' }, ['warning'], /in clear text\.$/, /starttls/],
  [
    'refuses the login',
    { ...facts, failure: 'The mail server refused the login: 535 no' },
    ['problem'],
    /takes no mail\. The mail server refused/,
    /--secret-stdin mail.password/,
  ],
  [
    'is not trusted',
    { ...facts, failure: 'No connection to the mail server: unable to verify the first certificate' },
    ['problem'],
    /certificate/,
    /mail.ca-file/,
  ],
  ['has given up', { ...facts, dead: 2 }, ['ok', 'warning'], /takes mail/, null],
] as const)('doctor: mail that %s', (_, found, statuses, message, advice) => {
  const results = checkMail(found);
  expect(results.map(({ status }) => status)).toEqual(statuses);
  expect(results[0]?.message).toMatch(message);
  if (advice === null) expect(results[0]?.advice).toBeNull();
  else expect(results[0]?.advice).toMatch(advice);
});

it.each([
  [{}, 'mail.host is not set'],
  [{ 'mail.host': 'h' }, 'mail.from is not set'],
  [{ 'mail.host': 'h', 'mail.user': 'alarms' }, 'mail.from is not set'],
  [{ 'mail.host': 'h', 'mail.user': 'a@b.c' }, 'mail.user is set, but mail.password is not'],
  [{ 'mail.host': 'h', 'mail.from': 'a@b.c' }, 587],
  [{ 'mail.host': 'h', 'mail.from': 'a@b.c', 'mail.secure': 'tls' }, 465],
  [{ 'mail.host': 'h', 'mail.from': 'a@b.c', 'mail.secure': 'none' }, 25],
  [{ 'mail.host': 'h', 'mail.from': 'a@b.c', 'mail.port': '2525' }, 2525],
  [{ 'mail.host': 'h', 'mail.user': 'a@b.c', 'mail.password': 'x' }, 587],
])('the settings %j mean %s', (settings, meaning) => {
  const configuration = mailConfiguration(effectiveSettings(new Map(Object.entries(settings))));
  expect(configuration.isOn ? configuration.server.port : configuration.reason).toBe(meaning);
});

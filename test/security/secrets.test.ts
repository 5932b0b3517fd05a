import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inspectDirectory } from '../../src/cli/doctor/doctor-directory.js';
import { basic } from '../helpers/station-key.js';
import { TestServer } from '../helpers/test-server.js';
import { dayMs } from '../pki/fixture.js';
import { openStore } from '../store/support/open-store.js';

const typed = {
  password: 'a Password nobody guesses 7',
  newPassword: 'another Password nobody guesses 8',
  mail: 'mail-Password-9-nobody',
  webhook: 'webhook-Secret-0123456789-nobody',
  stationText: 'station-Key-nobody-12',
  stationHex: '5a17c0de5a17c0de5a17c0de5a17c0de5a17c0de',
  byRemoteCall: '6b28d1ef6b28d1ef6b28d1ef6b28d1ef6b28d1ef',
  tooShort: 'short-Key-12',
};

/** In which forms somebody could find it. */
function formsOf(secret: string): string[] {
  const bytes = /^[0-9a-f]{32,40}$/.test(secret) ? [Buffer.from(secret, 'hex')] : [];
  return [Buffer.from(secret), ...bytes].flatMap((form) => [
    form.toString('latin1'),
    form.toString('hex'),
    form.toString('base64').replace(/=+$/, ''),
    form.toString('base64url'),
  ]);
}

async function filesIn(directory: string): Promise<string[]> {
  const entries: Dirent[] = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A fleet in which every kind of secret was given, made, used, changed and got wrong. */
async function busyLife() {
  const server = await TestServer.start({
    pingIntervalMs: 400 * dayMs,
    apiHost: '127.0.0.1',
    apiPort: 0,
  });
  const { fleet, dataDir } = server;
  const told: unknown[] = [];
  const fails = async (work: Promise<unknown>) => {
    told.push(await work.then(() => Promise.reject(new Error('it went well')), String));
  };
  const user = { email: 'ann@example.org', role: 'admin' as const };
  await fleet.run('user.create', { ...user, password: typed.password });
  await fleet.run('user.update', { email: user.email, password: typed.newPassword } as never);
  const { key: apiKey } = await fleet.run('api-key.create', { user: user.email } as never);
  await fleet.run('settings.set', {
    settings: [
      { key: 'mail.host', value: 'smtp.example.org' },
      { key: 'mail.user', value: 'ann@example.org' },
      { key: 'mail.password', value: typed.mail },
      { key: 'webhook.secret', value: typed.webhook },
    ],
  });
  await fails(fleet.run('settings.set', { settings: [{ key: 'webhook.secret', value: typed.tooShort }] }));

  await fleet.run('certificate.ca-create', { name: 'Acme CA', organization: 'Acme' });
  await fleet.run('station.create', { id: 'CP1', authKey: typed.stationText });
  const { item } = await fleet.run('station.create', { id: 'CP2', generateAuthKey: true });
  await fails(fleet.run('station.update', { id: 'CP1', authKey: typed.tooShort }));
  const made = await fleet.run('certificate.issue-station', { stationId: 'CP2' });
  const stationKey = await fs.readFile(made.keyFile ?? '', 'utf8');
  await fs.rm(made.keyFile ?? '');

  await expect(server.connect('CP1', basic('CP1', typed.stationHex))).rejects.toThrow('401');
  const station = await server.connect('CP1', basic('CP1', typed.stationText));
  await station.boot();
  station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
  await all(fleet.stream('station.rotate-key', { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000 }));
  const rotated = String((await station.received('ChangeConfiguration')).value);
  const byHand = { key: 'AuthorizationKey', value: typed.byRemoteCall };
  const call = { stationId: 'CP1', action: 'ChangeConfiguration', payload: byHand, timeoutMs: 30_000 };
  // Whether it may be done in this way is not the question here.
  told.push(await fleet.run('remote.call', call).then(() => '', String));
  await fleet.run('station.update', { id: 'CP1', authKey: typed.stationHex });

  for (const name of ['settings.show', 'audit.list', 'event.list', 'station.list', 'user.list'] as const) {
    told.push(await fleet.run(name as 'event.list', {}));
  }
  told.push(await fleet.run('station.show', { id: 'CP1' }));
  told.push(await fleet.run('fleet.checkup', {}));
  const caKey = await fs.readFile(path.join(dataDir, 'pki', 'ca.key'), 'utf8');
  const secrets = { ...typed, apiKey, rotated, generated: item.authKey ?? '' };
  const privateKeys = { caKey, stationKey };
  return { server, dataDir, told, secrets, privateKeys };
}

it('after a busy life no secret lies anywhere in the clear, nor was it told to anybody', async () => {
  const { server, dataDir, told, secrets, privateKeys } = await busyLife();
  const running = await Promise.all((await filesIn(dataDir)).map(readWithName));
  await server.stop();
  const store = await openStore(dataDir);
  await store.backup(path.join(dataDir, 'copy.db'), { replace: false });
  await store.compact();
  await store.close();
  const stopped = await Promise.all((await filesIn(dataDir)).map(readWithName));
  expect(stopped.length).toBeGreaterThan(5);
  const spoken = { file: 'log and answers', text: JSON.stringify([server.log.lines, told]) };
  const places = [...running, ...stopped, spoken];

  // Were nothing of this on the disk, nothing would have been looked at.
  for (const [place, word] of [
    ['messages/', 'ChangeConfiguration'],
    ['evfleet.db', 'smtp.example.org'],
    ['copy.db', 'sealed:1:'],
  ] as const) {
    const isThere = stopped.some(({ file, text }) => file.includes(place) && text.includes(word));
    expect(isThere, `${word} in ${place}`).toBe(true);
  }

  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(10);
    for (const { file, text } of places) {
      if (formsOf(secret).some((form) => text.includes(form))) found.push(`${name} in ${file}`);
    }
  }
  for (const [name, pem] of Object.entries(privateKeys)) {
    const line = pem.split('\n')[2] ?? '';
    expect(line.length, name).toBeGreaterThan(20);
    for (const { file, text } of places) {
      if (text.includes(line) && !file.endsWith('pki/ca.key')) found.push(`${name} in ${file}`);
    }
  }
  expect(found).toEqual([]);
});

async function readWithName(file: string) {
  return { file, text: await fs.readFile(file, 'latin1') };
}

it('what is written is for its owner alone, and the doctor sees that', async () => {
  const { dataDir, server } = await busyLife();
  const open: string[] = [];
  for (const file of await filesIn(dataDir)) {
    const { mode } = await fs.stat(file);
    const isCertificate = path.dirname(file).endsWith('/pki') && file.endsWith('.pem');
    if ((mode & 0o077) !== 0 && !isCertificate) open.push(path.relative(dataDir, file));
  }
  expect(open).toEqual([]);
  expect(await inspectDirectory(dataDir)).toMatchObject({ openToOthers: [], foreign: [], unseen: 0 });
  await fs.chmod(path.join(dataDir, 'secrets.key'), 0o644);
  await fs.chmod(path.join(dataDir, 'pki', 'ca.key'), 0o640);
  const facts = await inspectDirectory(dataDir);
  expect(facts.kind === 'directory' && facts.openToOthers.toSorted()).toEqual(['pki/ca.key', 'secrets.key']);
  await server.stop();
});

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { enqueue, type NewMessage } from '../../src/domain/alarm/outbox-enqueue.js';
import type { SettingKey } from '../../src/domain/settings.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { testStart } from '../helpers/fake-clock.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { MailBin, offline, plainMail, rawServer } from './delivery-bench.js';

/** A directory whose outbox holds these mails. */
async function directoryWith(port: number, messages: readonly Partial<NewMessage>[]): Promise<string> {
  const directory = await temporaryDirectory();
  const options = { directory, command: 'test', lockTimeoutMs: 0, now: () => testStart };
  const store = await FleetStore.open(options);
  await store.write(async (r) => {
    for (const [key, value] of Object.entries(plainMail(port))) {
      await r.settings.set(key as SettingKey, value, testStart);
    }
    const complete = messages.map((message) => ({
      channel: 'mail' as const,
      recipient: 'ada@example.org',
      notification: offline('CP1'),
      language: 'en' as const,
      threadKey: null,
      ...message,
    }));
    await enqueue(r, complete, { now: testStart, newId: randomUUID });
  });
  await store.close();
  return directory;
}

it('a server sends what waited, and a mail dropped and taken back by a command', async () => {
  const bin = new MailBin();
  const dataDir = await directoryWith(await bin.listen(), [{}, { recipient: 'nobody' }]);
  const server = await TestServer.start({ dataDir });
  const sent = () => server.fleet.run('outbox.list', { state: 'sent' });
  await until(async () => (await sent()).total === 1, 'the mail');
  expect((await server.fleet.run('mail.check', {})).failure).toBeNull();
  const { items } = await server.fleet.run('outbox.list', { state: 'dead' });
  const ids = items.map(({ id }) => id);
  await server.fleet.run('outbox.drop', { ids });
  await server.fleet.run('outbox.retry', { ids });
  // That address is none, as it turns out again.
  await until(async () => (await server.fleet.run('outbox.list', { state: 'dead' })).total === 1, 'its end');
  expect(bin.mails.length).toBe(1);
});

it('a server sends what waits as soon as its mail server is set, without a restart', async () => {
  const [wrong, right] = [new MailBin(), new MailBin()];
  const gone = await wrong.listen();
  await wrong.close();
  const server = await TestServer.start({ dataDir: await directoryWith(gone, [{}]) });
  await until(() => server.log.find(/mail does not get through/).length === 1);
  const set = (...settings: { key: string; value: string }[]) =>
    server.fleet.run('settings.set', { settings });
  await set({ key: 'mail.host', value: '' });
  await until(() => server.log.find(/mail is off: mail.host is not set/).length === 1);
  const port = String(await right.listen());
  await set({ key: 'mail.host', value: '127.0.0.1' }, { key: 'mail.port', value: port });
  await until(() => right.mails.length === 1, 'the mail');
});

it('a mail server that never ends its greeting delays no answer to a station', async () => {
  let connections = 0;
  const port = await rawServer((socket) => {
    connections += 1;
    const drip = setInterval(() => socket.write('220-'.padEnd(4000, 'x')), 1);
    socket.once('close', () => clearInterval(drip));
  });
  const many = Array.from({ length: 50 }, (_, i) => ({ recipient: `r${i}@example.org` }));
  const server = await TestServer.start({ dataDir: await directoryWith(port, many) });
  const station = await server.connected('CP001');
  await until(() => connections > 0, 'the first attempt');
  for (let i = 0; i < 50; i += 1) {
    const answer = await station.call('Heartbeat', {});
    expect(answer).toHaveProperty('currentTime');
  }
  await server.stop();
});

it('a server that is killed while it sends sends the same mail again after its next start', async () => {
  const ids: (string | undefined)[] = [];
  let answers = false;
  const bin = new MailBin({
    onData(stream, _session, callback) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += String(chunk);
      });
      stream.on('end', () => {
        ids.push(/^Message-ID: (.*)$/im.exec(text)?.[1]);
        if (answers) callback();
      });
    },
  });
  const server = await TestServer.start({ dataDir: await directoryWith(await bin.listen(), [{}, {}]) });
  await until(() => ids.length === 1, 'the first attempt');
  const copy = await server.copyAsKilled();
  await server.stop();
  answers = true;
  await server.resume(copy);
  await until(
    async () => (await server.fleet.run('outbox.list', { state: 'sent' })).total === 2,
    'both mails',
  );
  expect(ids.length).toBe(3);
  expect(ids[0]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(2);
});

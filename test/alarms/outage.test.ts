import { describe, expect, it } from 'vitest';
import { pendingMax } from '../../src/domain/alarm/outbox-enqueue.js';
import { until } from '../helpers/until.js';
import { DeliveryBench, MailBin, offline, plainMail, rawServer } from './delivery-bench.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const bin = new MailBin();
  const port = await bin.listen();
  await bin.close();
  return port;
}

describe('a mail server that is down', () => {
  it('for a day costs few attempts, and gets all mails in their order when it is back', async () => {
    const port = await closedPort();
    const bench = await DeliveryBench.start({ settings: plainMail(port) });
    for (const recipient of ['ada@example.org', 'bob@example.org']) {
      for (const id of ['CP1', 'CP2', 'CP3']) {
        await bench.enqueue({ recipient, notification: offline(id) });
      }
    }
    await bench.attempted(1);
    await bench.pass(dayMs);
    const before = await bench.messages();
    const attempts = before.reduce((sum, message) => sum + message.attempts, 0);
    expect(attempts).toBeGreaterThan(100);
    expect(attempts).toBeLessThan(200);
    expect(new Set(before.map(({ state }) => state))).toEqual(new Set(['pending']));
    expect(bench.log.find(/does not get through/).length).toBe(1);

    const bin = new MailBin();
    await bin.listen(port);
    bench.clock.advance(10 * minuteMs);
    await bench.reached('sent', 6);
    expect(bench.log.find(/gets through again/).length).toBe(1);
    for (const recipient of ['ada@example.org', 'bob@example.org']) {
      const theirs = bin.mails.filter(({ to }) => to?.text === recipient);
      expect(theirs.map(({ subject }) => subject?.slice(-3))).toEqual(['CP1', 'CP2', 'CP3']);
    }
  });

  it('for five days has its mails given up, also those that were never tried', async () => {
    const bench = await DeliveryBench.start({ settings: plainMail(await closedPort()) });
    for (let i = 0; i < 60; i += 1) await bench.enqueue({ recipient: `r${i % 7}@example.org` });
    await bench.attempted(1);
    await bench.pass(4.9 * dayMs, hourMs);
    expect(new Set(await bench.states())).toEqual(new Set(['pending']));
    await bench.pass(0.2 * dayMs, hourMs);
    await bench.reached('dead', 60);
    expect((await bench.messages())[0]?.lastError).toMatch(/^No connection to the mail server/);
    expect(bench.clock.pending).toBe(0);
  });

  it('is asked again at once after a restart, with one mail', async () => {
    const bench = await DeliveryBench.start({ settings: plainMail(await closedPort()) });
    await bench.stop();
    await bench.open();
    await bench.enqueue({ recipient: 'ada@example.org' }, { recipient: 'bob@example.org' });
    bench.clock.advance(1000);
    bench.send();
    await bench.attempted(1);
    await bench.restart();
    // What was tried is behind what was not.
    await bench.attempted(2);
    await bench.rest();
    expect((await bench.messages()).map(({ attempts }) => attempts)).toEqual([1, 1]);
  });
});

describe('a restart', () => {
  it('sends what was not sent, and nothing twice that was', async () => {
    const bin = new MailBin();
    const port = await bin.listen();
    const bench = await DeliveryBench.start({ settings: plainMail(port) });
    await bench.enqueue({ notification: offline('CP1') });
    await bench.reached('sent', 1);
    await bench.stop();
    await bench.open();
    await bench.enqueue({ notification: offline('CP2') }, { notification: offline('CP3') });
    bench.send();
    await bench.reached('sent', 3);
    expect(bin.subjects.map((subject) => subject?.slice(-3))).toEqual(['CP1', 'CP2', 'CP3']);
  });

  it('in the middle of a mail sends it again, as the same mail', async () => {
    let isHolding = true;
    const bin = new MailBin({
      onData(stream, _session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          seen.push(/^Message-ID: (.*)$/im.exec(Buffer.concat(chunks).toString())?.[1] ?? '');
          // Taken, but the answer never gets there.
          if (!isHolding) callback();
        });
      },
    });
    const seen: string[] = [];
    const bench = await DeliveryBench.start({ settings: plainMail(await bin.listen()) });
    await bench.enqueue({});
    await until(() => seen.length === 1);
    isHolding = false;
    await bench.restart();
    await bench.reached('sent', 1);
    expect(seen.length).toBe(2);
    expect(seen[0]).toBe(seen[1]);
  });
});

describe('what a mail server answers', () => {
  /** Refuses recipients as it is told. */
  function picky(answers: Map<string, number>): MailBin {
    return new MailBin({
      onRcptTo({ address }, _session, callback) {
        const code = answers.get(address);
        if (code === undefined) return callback();
        callback(Object.assign(new Error('no such luck'), { responseCode: code }));
      },
    });
  }

  it('to one recipient for good ends that mail at once, and the next has its turn', async () => {
    const bin = picky(new Map([['ada@example.org', 550]]));
    const bench = await DeliveryBench.start({ settings: plainMail(await bin.listen()) });
    await bench.enqueue({}, { recipient: 'bob@example.org' }, {});
    await bench.reached('dead', 2);
    await bench.reached('sent', 1);
    const [dead] = await bench.messages();
    expect(dead).toMatchObject({ attempts: 1, lastError: 'The mail server answered: 550 no such luck' });
    expect(bench.log.find(/message given up/).length).toBe(2);
    expect(bench.log.find(/does not get through/)).toEqual([]);
  });

  it('to one recipient for now holds up only that recipient, for ever longer, never beyond an hour', async () => {
    const answers = new Map([['ada@example.org', 450]]);
    const bin = picky(answers);
    const bench = await DeliveryBench.start({ settings: plainMail(await bin.listen()) });
    await bench.enqueue({ notification: offline('CP1') }, { notification: offline('CP2') });
    await bench.enqueue({ recipient: 'bob@example.org' });
    await bench.reached('sent', 1);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      await bench.attempted(attempt + 1);
      const [first, second] = await bench.messages();
      expect(second).toMatchObject({ attempts: 0, nextAttemptAt: null });
      const waitMs = (first?.nextAttemptAt ?? 0) - bench.clock.now();
      waits.push(waitMs / minuteMs);
      await bench.rest();
      await bench.pass(waitMs, Math.min(waitMs, minuteMs));
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60]);
    answers.clear();
    await bench.pass(hourMs);
    await bench.reached('sent', 3);
    expect(bin.subjects.slice(1).map((subject) => subject?.slice(-3))).toEqual(['CP1', 'CP2']);
  });

  it.each([
    ['refuses everybody in its greeting', '554 go away\r\n'],
    ['wants to be left alone for a while', '421 too busy\r\n'],
    ['greets without an end', '220-welcome\r\n'.repeat(100_000)],
    ['speaks another language', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['says nothing', ''],
  ])('holds up nothing but mail when it %s', async (_, greeting) => {
    const port = await rawServer((socket) => socket.write(greeting));
    const bench = await DeliveryBench.start({ settings: plainMail(port), limits: { connectMs: 100 } });
    await bench.enqueue({}, { recipient: 'bob@example.org' });
    await bench.attempted(1);
    await bench.rest();
    expect(await bench.states()).toEqual(['pending', 'pending']);
    expect(bench.log.find(/does not get through/).length).toBe(1);
  });

  it('drop by drop ends when a message has had its time', async () => {
    const port = await rawServer((socket) => {
      socket.write('220 hello\r\n');
      const drip = setInterval(() => socket.write('250-x\r\n'), 5);
      socket.once('close', () => clearInterval(drip));
    });
    const bench = await DeliveryBench.start({ settings: plainMail(port), limits: { messageMs: 150 } });
    await bench.enqueue({});
    await bench.attempted(1);
    expect((await bench.messages())[0]?.lastError).toBe('The mail server did not take the message in time.');
  });
});

describe('limits', () => {
  it('of connections at the same time are kept, and a recipient never gets two mails at once', async () => {
    let open = 0;
    let most = 0;
    const under = new Set<string>();
    const bin = new MailBin({
      onData(stream, { envelope }, callback) {
        const to = envelope.rcptTo[0]?.address ?? '';
        expect(under.has(to)).toBe(false);
        under.add(to);
        open += 1;
        most = Math.max(most, open);
        stream.resume();
        stream.on('end', () =>
          setTimeout(() => {
            open -= 1;
            under.delete(to);
            callback();
          }, 2),
        );
      },
    });
    const settings = plainMail(await bin.listen(), { 'mail.max-connections': '4' });
    const bench = await DeliveryBench.start({ settings });
    await bench.enqueue(...Array.from({ length: 60 }, (_, i) => ({ recipient: `r${i % 20}@example.org` })));
    await bench.reached('sent', 60);
    expect(most).toBe(4);
    expect(bin.connections).toBeLessThanOrEqual(4);
  });

  it('of mails a minute are kept', async () => {
    const bin = new MailBin();
    const settings = plainMail(await bin.listen(), { 'mail.rate-per-minute': '10' });
    const bench = await DeliveryBench.start({ settings });
    await bench.enqueue(...Array.from({ length: 25 }, (_, i) => ({ recipient: `r${i}@example.org` })));
    for (const sent of [10, 20, 25]) {
      await bench.reached('sent', sent);
      await bench.rest();
      expect(bin.mails.length).toBe(sent);
      await bench.pass(minuteMs);
    }
  });

  it('of what waits are kept: the oldest are given up', async () => {
    const bench = await DeliveryBench.start({ settings: plainMail(await closedPort()) });
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ recipient: `r${i}@example.org` }));
    await bench.stop();
    await bench.open();
    await bench.enqueue(...many(pendingMax));
    await bench.enqueue(...many(2));
    const count = (state: 'pending' | 'dead') => bench.store.read((r) => r.outbox.count({ state }));
    expect([await count('pending'), await count('dead')]).toEqual([pendingMax, 2]);
    const [first] = await bench.messages();
    expect(first).toMatchObject({ state: 'dead', lastError: 'More than 10000 messages were waiting.' });
    // The one that waited behind it has its turn.
    const next = await bench.store.read((r) =>
      r.outbox.findFirstPending({ channel: 'mail', recipient: 'r0@example.org' }),
    );
    expect(next?.nextAttemptAt).toBe(bench.clock.now());
  });
});

describe('settings', () => {
  it('without a server nothing is queued, and the log says once that mail is off', async () => {
    const bench = await DeliveryBench.start();
    const result = await bench.enqueue({}, {}, { channel: 'webhook', recipient: 'https://example.org/' });
    expect(result).toMatchObject({
      queued: 0,
      ids: [],
      mailOff: { messages: 2, reason: 'mail.host is not set' },
      webhooksOff: 1,
    });
    expect(await bench.messages()).toEqual([]);
    await until(() => bench.log.lines.length === 1);
    expect(bench.log.lines).toEqual([{ level: 'info', message: 'mail is off: mail.host is not set' }]);
    expect(bench.clock.pending).toBe(0);
  });

  it('that change are in force for the next mail', async () => {
    const [first, second] = [new MailBin(), new MailBin()];
    const bench = await DeliveryBench.start({ settings: plainMail(await first.listen()) });
    await bench.enqueue({});
    await bench.reached('sent', 1);
    await bench.set({ 'mail.port': String(await second.listen()), 'mail.from': 'new@fleet.example' });
    await bench.enqueue({});
    await bench.reached('sent', 2);
    expect([first.mails.length, second.mails.length]).toEqual([1, 1]);
    expect(second.mails[0]?.from?.value[0]?.address).toBe('new@fleet.example');
  });

  it('a clock that is set back holds nothing up', async () => {
    const port = await closedPort();
    const bench = await DeliveryBench.start({ settings: plainMail(port) });
    await bench.enqueue({});
    await bench.attempted(1);
    await bench.rest();
    bench.clock.jump(-30 * dayMs);
    const bin = new MailBin();
    await bin.listen(port);
    bench.clock.advance(minuteMs);
    await bench.reached('sent', 1);
  });
});

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import type { Carrier } from '../../src/alarms/delivery/carrier.js';
import { MailCarrier } from '../../src/alarms/delivery/mail-carrier.js';
import { defaultMailLimits, type MailLimits } from '../../src/alarms/delivery/mail-transport.js';
import { OutboxSender } from '../../src/alarms/delivery/outbox-sender.js';
import type { Notification } from '../../src/domain/alarm/notification.js';
import { enqueue, type NewMessage } from '../../src/domain/alarm/outbox-enqueue.js';
import { EventFeed } from '../../src/domain/event-feed.js';
import type { Repositories } from '../../src/domain/repositories.js';
import type { SettingKey } from '../../src/domain/settings.js';
import { announcing } from '../../src/server/announcing-store.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { FakeClock, testStart } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { until } from '../helpers/until.js';

export type ReceivedMail = Awaited<ReturnType<typeof simpleParser>> & { readonly raw: string };

/** A real mail server that keeps what it is given. */
export class MailBin {
  readonly mails: ReceivedMail[] = [];
  /** By recipient, as the envelope says. */
  readonly envelopes: { readonly from: string; readonly to: string[] }[] = [];
  readonly #server: SMTPServer;
  connections = 0;

  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      disabledCommands: options.key === undefined ? ['AUTH', 'STARTTLS'] : [],
      authOptional: true,
      logger: false,
      closeTimeout: 10,
      onConnect: (_session, callback) => {
        this.connections += 1;
        callback();
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('utf8');
          void simpleParser(raw).then((mail) => {
            const { mailFrom, rcptTo } = session.envelope;
            this.envelopes.push({
              from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
              to: rcptTo.map(({ address }) => address),
            });
            this.mails.push({ ...mail, raw });
            callback();
          });
        });
      },
      ...options,
    });
    this.#server.on('error', () => undefined);
  }

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server.server, 'listening');
    onTestFinished(() => this.close());
    return (this.#server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Subjects by recipient, in the order in which they came. */
  get subjects(): (string | undefined)[] {
    return this.mails.map(({ subject }) => subject);
  }
}

/** A server of one's own making, for what no mail server does. */
export async function rawServer(talk: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    talk(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const test: Notification = { kind: 'test', time: testStart, rule: null };

export function offline(stationId: string, change: Partial<Notification> = {}): Notification {
  return {
    kind: 'station-offline',
    time: testStart,
    since: testStart - 900_000,
    stepMs: 900_000,
    stationId,
    name: stationId,
    site: null,
    ...change,
  } as Notification;
}

/** What is in the way of a real server but time. */
export class DeliveryBench {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly #directory: string;
  readonly #carriers: ((clock: FakeClock) => Carrier)[];
  #store: FleetStore | undefined;
  #sender: OutboxSender | undefined;

  private constructor(directory: string, carriers: ((clock: FakeClock) => Carrier)[]) {
    this.#directory = directory;
    this.#carriers = carriers;
  }

  static async start({
    settings = {},
    limits = {},
    carriers = [() => new MailCarrier({ limits: { ...defaultMailLimits, ...limits }, timeZone: 'UTC' })],
  }: {
    settings?: Partial<Record<SettingKey, string>>;
    limits?: Partial<MailLimits>;
    carriers?: ((clock: FakeClock) => Carrier)[];
  } = {}): Promise<DeliveryBench> {
    const bench = new DeliveryBench(await temporaryDirectory(), carriers);
    await bench.open();
    await bench.set(settings);
    bench.send();
    onTestFinished(() => bench.stop());
    return bench;
  }

  get store(): FleetStore {
    if (!this.#store) throw new Error('the store is closed');
    return this.#store;
  }

  async open(): Promise<void> {
    this.#store = await FleetStore.open({
      directory: this.#directory,
      command: 'test',
      lockTimeoutMs: 0,
      now: () => this.clock.now(),
    });
  }

  readonly #changes = new EventFeed();

  /** Begins to send. */
  send(): void {
    const { clock, log, store } = this;
    const carriers = this.#carriers.map((make) => make(clock));
    this.#sender = new OutboxSender({
      store,
      clock,
      log,
      carriers,
      random: () => 0.5,
      changes: this.#changes,
    });
    this.#sender.start();
  }

  async stop(): Promise<void> {
    await this.#sender?.close();
    await this.#store?.close();
    this.#sender = undefined;
    this.#store = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.open();
    this.send();
  }

  async set(settings: Partial<Record<SettingKey, string>>): Promise<void> {
    await this.#announced().write(async (r) => {
      for (const [key, value] of Object.entries(settings)) {
        await r.settings.set(key as SettingKey, value, this.clock.now());
      }
    });
  }

  /** Changes the store as operations do. */
  write(work: (r: Repositories) => Promise<void>): Promise<void> {
    return this.#announced().write(work);
  }

  enqueue(...messages: readonly Partial<NewMessage>[]) {
    const complete = messages.map((message) => ({
      channel: 'mail' as const,
      recipient: 'ada@example.org',
      notification: test,
      language: 'en' as const,
      threadKey: null,
      ...message,
    }));
    const now = this.clock.now();
    return this.#announced().write((r) => enqueue(r, complete, { now, newId: randomUUID }));
  }

  /** Newest last. */
  async messages() {
    return (await this.store.read((r) => r.outbox.list({}, { limit: 100_000 }))).reverse();
  }

  async states(): Promise<string[]> {
    return (await this.messages()).map(({ state }) => state);
  }

  /** Until nothing is under way any more. */
  async rest(): Promise<void> {
    await until(() => this.#sender?.isIdle ?? true, 'rest');
  }

  /** Lets time pass in steps, and lets whatever becomes due come to its end. */
  async pass(durationMs: number, stepMs = 60_000): Promise<void> {
    for (let passed = 0; passed < durationMs; passed += stepMs) {
      this.clock.advance(stepMs);
      await this.rest();
    }
  }

  /** Until so many attempts were made in all, and nothing is under way. */
  async attempted(count: number): Promise<void> {
    let seen = 0;
    await until(async () => {
      seen = (await this.messages()).reduce((sum, { attempts }) => sum + attempts, 0);
      return seen >= count;
    }, `${count} attempts`);
    await this.rest();
    if (seen > count) throw new Error(`${seen} attempts instead of ${count}`);
  }

  async reached(state: string, count: number): Promise<void> {
    await until(
      async () => (await this.states()).filter((known) => known === state).length === count,
      `${count} messages ${state}`,
    );
  }

  #announced() {
    return announcing(this.store, new EventFeed(), undefined, this.#changes);
  }
}

/** Settings for a mail server without TLS on this machine. */
export function plainMail(port: number, change: Partial<Record<SettingKey, string>> = {}) {
  return {
    'mail.host': '127.0.0.1',
    'mail.port': String(port),
    'mail.secure': 'none',
    'mail.from': 'Alarms <alarms@fleet.example>',
    ...change,
  } as const;
}

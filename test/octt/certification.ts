import { expect } from 'vitest';
import type { ErrorCode } from '../../src/domain/errors.js';
import type { Payload } from '../../src/ocpp/frame.js';
import type { ActionSentBy, Request16, Response16 } from '../../src/ocpp/v16/actions.js';
import { checkRequest, checkResponse } from '../../src/ocpp/v16/validate.js';
import { failure } from '../helpers/failure.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

type ByStation = ActionSentBy<'station'>;
type ByCentral = ActionSentBy<'central'>;

/** The station of the certification tests: a tool that plays it by the letter, and checks every word of ours. */
export class Certification {
  readonly server: TestServer;
  #station: ScriptedStation;

  private constructor(server: TestServer, station: ScriptedStation) {
    this.server = server;
    this.#station = station;
  }

  /** A server with one station of two connectors, booted and free, and the tag `VALID`. */
  static async begin(options: { readonly heartbeatIntervalS?: number } = {}): Promise<Certification> {
    const server = await TestServer.start({ pingIntervalMs: 86_400_000, ...options });
    await server.add('OCTT', { connectors: 2 });
    await server.addTag('VALID');
    const bench = new Certification(server, await server.connect('OCTT'));
    await bench.boot();
    return bench;
  }

  /** Sends a correct message; its answer must be one too, and no error. */
  async tell<A extends ByStation>(action: A, request: Request16<A>): Promise<Response16<A>> {
    const { payload, error } = await this.#station.ask(action, checkRequest(action, request));
    expect(error, action).toBeUndefined();
    return checkResponse(action, payload);
  }

  /** Prepares what the station answers to a command. */
  answers<A extends ByCentral>(action: A, response: Response16<A>): this {
    this.#station.on(action, () => checkResponse(action, response) as Payload);
    return this;
  }

  /** The command that the station gets, or the `count`th of its kind: it must be as the specification has it. */
  async asked<A extends ByCentral>(action: A, count = 1): Promise<Request16<A>> {
    return checkRequest(action, await this.#station.received(action, count));
  }

  /** What `evfleet remote call` does. */
  call<A extends ByCentral>(action: A, request: Request16<A>): Promise<Record<string, unknown>> {
    const target = { stationId: 'OCTT', timeoutMs: 30_000 };
    return this.server.fleet.run('remote.call', { ...target, action, payload: request as Payload });
  }

  /** The command is sent as it is, and ends with what the station said. */
  async refused<A extends ByCentral>(action: A, request: Request16<A>, status: string): Promise<void> {
    const error = await failure(this.call(action, request), 'REFUSED');
    expect(error.message).toBe(`OCTT answered ${action} with ${status}.`);
    expect(await this.asked(action)).toEqual(request);
  }

  async boot(): Promise<void> {
    const station = { chargePointVendor: 'Acme', chargePointModel: 'Bench' };
    const { status, currentTime, interval } = await this.tell('BootNotification', station);
    expect([status, currentTime]).toEqual(['Accepted', this.now]);
    expect(interval).toBeGreaterThan(0);
    for (const connectorId of [0, 1, 2]) await this.status('Available', connectorId);
  }

  async status(
    status: Request16<'StatusNotification'>['status'],
    connectorId = 1,
    errorCode: Request16<'StatusNotification'>['errorCode'] = 'NoError',
  ): Promise<void> {
    const report = { connectorId, status, errorCode, timestamp: this.now };
    expect(await this.tell('StatusNotification', report)).toEqual({});
  }

  /** The verdict on a tag. */
  async authorize(idTag = 'VALID'): Promise<string> {
    return (await this.tell('Authorize', { idTag })).idTagInfo.status;
  }

  /** Begins a transaction that is accepted, and gives its id. */
  async start(change: Partial<Request16<'StartTransaction'>> = {}): Promise<number> {
    const begin = { connectorId: 1, idTag: 'VALID', meterStart: 1000, timestamp: this.now, ...change };
    const { transactionId, idTagInfo } = await this.tell('StartTransaction', begin);
    expect(idTagInfo.status).toBe('Accepted');
    expect(transactionId).toBeGreaterThan(0);
    return transactionId;
  }

  /** Plugs in, identifies, charges. */
  async charging(): Promise<number> {
    await this.status('Preparing');
    expect(await this.authorize()).toBe('Accepted');
    const transactionId = await this.start();
    await this.status('Charging');
    return transactionId;
  }

  async stop(
    transactionId: number,
    reason: Request16<'StopTransaction'>['reason'],
    change: Partial<Request16<'StopTransaction'>> = {},
  ): Promise<void> {
    const end = { transactionId, meterStop: 3000, timestamp: this.now, ...(reason && { reason }), ...change };
    const { idTagInfo } = await this.tell('StopTransaction', end);
    expect(idTagInfo?.status).toBe(end.idTag === undefined ? undefined : 'Accepted');
  }

  /** The car is unplugged. */
  async free(): Promise<void> {
    await this.status('Finishing');
    await this.status('Available');
  }

  /** The connection ends without a word and comes back after a while. */
  async goOffline(forMs: number): Promise<void> {
    this.#station.cut();
    await this.#station.closed;
    this.server.clock.advance(forMs);
    this.#station = await this.server.connect('OCTT');
  }

  /** Says goodbye, and comes back as after a reboot. */
  async reboot(): Promise<void> {
    await this.#station.leave();
    this.server.clock.advance(20_000);
    this.#station = await this.server.connect('OCTT');
    await this.boot();
  }

  get now(): string {
    return this.server.clock.iso();
  }

  session(transactionId: number) {
    return this.server.session(transactionId);
  }

  sessions() {
    return this.server.sessions();
  }

  remoteStart(change: { waitMs?: number } = {}) {
    const target = { stationId: 'OCTT', connector: 1, tag: 'VALID', timeoutMs: 30_000 };
    return this.server.fleet.run('remote.start', { ...target, ...change });
  }

  remoteStop(transactionId: number, change: { waitMs?: number } = {}) {
    const target = { target: String(transactionId), timeoutMs: 30_000 };
    return this.server.fleet.run('remote.stop', { ...target, ...change });
  }

  failing(work: Promise<unknown>, code: ErrorCode) {
    return failure(work, code);
  }
}

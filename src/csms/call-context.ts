import type { CertificateDesk } from '../domain/certificate/certificate-desk.js';
import type { NewId } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { Registration } from '../domain/model.js';
import type { Store } from '../domain/repositories.js';
import type { MeterInbox } from './meter-inbox.js';
import type { MeterReport } from './rules/add-meter-samples.js';
import type { RuleContext, Speaker } from './rules/rule-context.js';
import type { HandlerContext } from './v16/handler.js';

export interface CallDependencies {
  readonly store: Store;
  readonly newId: NewId;
  readonly log: Log;
  readonly heartbeatIntervalS: number;
  readonly meterInbox: MeterInbox;
  readonly certificateDesk: CertificateDesk;
  sessionChanged(): void;
  /** Something about the station was written down. */
  stationChanged(stationUuid: string): void;
}

/** Where a call came from. */
export interface Caller {
  readonly station: Speaker;
  registration: Registration;
}

/** One call of a station, as its handler sees it. */
export class CallContext implements HandlerContext {
  readonly receivedAt: number;
  readonly #caller: Caller;
  readonly #dependencies: CallDependencies;

  constructor(caller: Caller, dependencies: CallDependencies, receivedAt: number) {
    this.#caller = caller;
    this.#dependencies = dependencies;
    this.receivedAt = receivedAt;
  }

  get station() {
    return this.#caller.station;
  }

  get log() {
    return this.#dependencies.log;
  }

  get heartbeatIntervalS() {
    return this.#dependencies.heartbeatIntervalS;
  }

  get certificateDesk() {
    return this.#dependencies.certificateDesk;
  }

  async transact<T>(rules: (context: RuleContext) => Promise<T>): Promise<T> {
    const { station, receivedAt } = this;
    const { store, newId } = this.#dependencies;
    const result = await store.write((r) => rules({ r, station, receivedAt, newId }));
    this.#dependencies.stationChanged(station.uuid);
    return result;
  }

  addMeterReport(report: Omit<MeterReport, 'station' | 'receivedAt'>): Promise<void> {
    const { connector, transactionId, measurements } = report;
    const { station, receivedAt } = this;
    return this.#dependencies.meterInbox.add({ station, receivedAt, connector, transactionId, measurements });
  }

  setRegistration(registration: Registration): void {
    this.#caller.registration = registration;
  }

  sessionChanged(): void {
    this.#dependencies.sessionChanged();
  }
}

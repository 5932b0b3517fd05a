import type { CertificateDesk } from '../../domain/certificate/certificate-desk.js';
import type { Log } from '../../domain/log.js';
import type { Registration } from '../../domain/model.js';
import type { ActionSentBy, ReceivedRequest16, Response16 } from '../../ocpp/v16/actions.js';
import type { MeterReport } from '../rules/add-meter-samples.js';
import type { RuleContext } from '../rules/rule-context.js';

/** Actions that a station begins. */
export type StationAction16 = ActionSentBy<'station'>;

/** What a handler may use besides the message itself. */
export interface HandlerContext {
  readonly station: { readonly uuid: string; readonly id: string };
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly log: Log;
  readonly heartbeatIntervalS: number;
  readonly certificateDesk: CertificateDesk;
  /** Runs rules in one transaction; resolves when their outcome is on disk. */
  transact<T>(rules: (context: RuleContext) => Promise<T>): Promise<T>;
  /** Keeps meter values; resolves when they are on disk. */
  addMeterReport(report: Omit<MeterReport, 'station' | 'receivedAt'>): Promise<void>;
  setRegistration(registration: Registration): void;
  /** A session has begun or ended: whoever waits for that is told. */
  sessionChanged(): void;
}

/** Translates one message into rules and their outcome into the answer. It leaves once that outcome is durable. */
export type Handler16<A extends StationAction16> = (
  request: ReceivedRequest16<A>,
  context: HandlerContext,
) => Promise<Response16<A>>;

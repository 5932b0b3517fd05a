import { FleetError } from '../../domain/errors.js';
import { quoteForShell } from '../../domain/shell.js';

/** A station said no. */
export class Refusal extends FleetError {
  /** What it answered, for example `Rejected`. */
  readonly status: string;

  constructor(stationId: string, status: string, message: string, suggestions: readonly string[] = []) {
    super('REFUSED', message, {
      suggestions: [...suggestions, `evfleet station show ${quoteForShell(stationId)}`],
    });
    this.status = status;
  }
}

/** The status or the code of the CALLERROR with which a station said no; null when it said nothing of the kind. */
export function statusOfRefusal(error: FleetError): string | null {
  if (error instanceof Refusal) return error.status;
  const { code, cause } = error;
  if (code !== 'REFUSED' || !(cause instanceof Error) || !('code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}

/** Whether the connection ended while an answer was waited for: the station may have taken the message all the same. */
export function isAnswerLost(error: unknown): error is FleetError {
  if (!(error instanceof FleetError) || error.code !== 'STATION_OFFLINE') return false;
  const { cause } = error;
  return cause instanceof Error && 'sent' in cause && cause.sent === true;
}

import type { Fault } from '../../domain/model.js';
import { note, type RuleContext } from './rule-context.js';

/** What a connector says of itself, as far as errors go. */
export interface ErrorReport {
  readonly connector: number;
  readonly status: string;
  readonly errorCode: string;
  readonly vendorErrorCode: string | null;
  readonly vendorId: string | null;
  readonly info: string | null;
}

/** Of what a station may say at any length. */
const textMaxLength = 1000;

/**
 * Begins, continues or ends the fault of a connector. A report that is older than what is known of its faults, such as
 * one that was kept while the station was offline, changes nothing.
 * @param at the station's time, where it is believed
 */
export async function trackFault(context: RuleContext, report: ErrorReport, at: number): Promise<void> {
  const { r, station } = context;
  const latest = await r.faults.findLatest(station.uuid, report.connector);
  if (latest !== undefined && at < (latest.endedAt ?? latest.beganAt)) return;
  const open = latest?.endedAt === null ? latest : undefined;
  if (!isFault(report)) {
    if (open) await end(context, open, at);
    return;
  }
  if (open && isSame(open, report)) {
    await update(context, open, report);
    return;
  }
  if (open) await end(context, open, at);
  await begin(context, report, at);
}

function isFault({ status, errorCode }: ErrorReport): boolean {
  return errorCode !== 'NoError' || status === 'Faulted';
}

/** Some stations name the vendor's code only once, so that leaving it out is no other error. */
function isSame(fault: Fault, { errorCode, vendorErrorCode }: ErrorReport): boolean {
  if (cut(errorCode) !== fault.errorCode) return false;
  return (
    vendorErrorCode === null ||
    fault.vendorErrorCode === null ||
    cut(vendorErrorCode) === fault.vendorErrorCode
  );
}

async function begin(context: RuleContext, report: ErrorReport, at: number): Promise<void> {
  const { r, station, newId } = context;
  const place = { stationUuid: station.uuid, connector: report.connector || null };
  const fault: Fault = {
    uuid: newId(),
    stationUuid: station.uuid,
    stationId: station.id,
    connector: report.connector,
    errorCode: cut(report.errorCode),
    vendorErrorCode: cut(report.vendorErrorCode),
    vendorId: cut(report.vendorId),
    info: cut(report.info),
    status: cut(report.status),
    beganAt: at,
    endedAt: null,
    maintenance: (await r.maintenance.findActive(place, at)) !== undefined,
  };
  await r.faults.insert(fault);
  const { uuid, connector, errorCode, vendorErrorCode, info, status, maintenance } = fault;
  const detail = {
    fault: uuid,
    errorCode,
    vendorErrorCode,
    info,
    status,
    ...(maintenance && { maintenance }),
  };
  await note(context, 'fault.began', detail, { at, connector });
}

async function update({ r }: RuleContext, fault: Fault, report: ErrorReport): Promise<void> {
  const said = {
    vendorErrorCode: cut(report.vendorErrorCode) ?? fault.vendorErrorCode,
    vendorId: cut(report.vendorId) ?? fault.vendorId,
    info: cut(report.info) ?? fault.info,
    status: cut(report.status),
  };
  const isNew = (Object.keys(said) as (keyof typeof said)[]).some((key) => said[key] !== fault[key]);
  if (isNew) await r.faults.update(fault.uuid, said);
}

async function end(context: RuleContext, fault: Fault, at: number): Promise<void> {
  const { uuid, connector, errorCode, vendorErrorCode, beganAt } = fault;
  await context.r.faults.update(uuid, { endedAt: at });
  const detail = { fault: uuid, errorCode, vendorErrorCode, durationS: Math.round((at - beganAt) / 1000) };
  await note(context, 'fault.ended', detail, { at, connector });
}

function cut(text: string): string;
function cut(text: string | null): string | null;
function cut(text: string | null): string | null {
  return text === null ? null : text.slice(0, textMaxLength);
}

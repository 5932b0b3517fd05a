import type { Connector } from '../../domain/model.js';
import { newConnector } from '../../domain/new-entities.js';
import { believeTime } from '../../domain/station/station-clock.js';
import { loseReservations } from './end-reservations.js';
import { note, type RuleContext } from './rule-context.js';
import { trackFault } from './track-fault.js';

export type StatusReport = Pick<Connector, 'connector' | 'vendorErrorCode' | 'info'> & {
  readonly status: string;
  readonly errorCode: string;
  readonly vendorId: string | null;
  readonly reportedAt: number | undefined;
};

/** More than any station has; a number beyond it is noise, not an outlet. */
const connectorMax = 1000;

/** A station adds outlets nobody had told of only up to so many, the station itself counted; people may add more. */
const connectorsAddedMax = 32;

/** How often it is written down that a station reports outlets that are not added. */
const ignoredNotedEveryMs = 3600_000;

/** Keeps what a connector (0: the station itself) reports; an outlet nobody had told of is added. */
export async function reportStatus(
  context: RuleContext,
  { reportedAt, vendorId, ...report }: StatusReport,
): Promise<void> {
  const { r, station, receivedAt } = context;
  const { connector, ...detail } = report;
  if (connector < 0 || connector > connectorMax) return;
  const statusAt = believeTime(reportedAt, receivedAt).at;
  const before = await r.connectors.find(station.uuid, connector);
  if (!before) {
    if (!(await mayAdd(context, connector))) {
      await noteIgnored(context, report);
      return;
    }
    await r.connectors.insert(newConnector(station.uuid, connector));
  }
  await r.connectors.reportStatus({ ...report, stationUuid: station.uuid, statusAt });
  if (before?.status !== report.status || before.errorCode !== report.errorCode) {
    await note(context, 'connector.status', detail, { at: statusAt, connector });
  }
  await trackFault(context, { ...report, vendorId }, statusAt);
  await loseReservations(context, report, statusAt);
}

async function mayAdd({ r, station }: RuleContext, connector: number): Promise<boolean> {
  if (connector === 0) return true;
  const known = await r.connectors.listByStation(station.uuid, { withStation: true });
  return known.length < connectorsAddedMax;
}

async function noteIgnored(
  context: RuleContext,
  { connector, status }: Pick<StatusReport, 'connector' | 'status'>,
): Promise<void> {
  const { r, station, receivedAt } = context;
  const kind = 'connector.ignored';
  const [last] = await r.events.list({ stationId: station.id, kind }, { limit: 1 });
  if (last && receivedAt - last.receivedAt < ignoredNotedEveryMs) return;
  await note(
    context,
    kind,
    { status, reason: `the station has ${connectorsAddedMax} connectors` },
    { connector },
  );
}

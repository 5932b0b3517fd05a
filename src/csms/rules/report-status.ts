import type { Connector } from '../../domain/model.js';
import { newConnector } from '../../domain/new-entities.js';
import { believeTime } from '../../domain/station-clock.js';
import { note, type RuleContext } from './rule-context.js';

export type StatusReport = Pick<
  Connector,
  'connector' | 'status' | 'errorCode' | 'vendorErrorCode' | 'info'
> & {
  readonly reportedAt: number | undefined;
};

/** More than any station has; a number beyond it is noise, not an outlet. */
const connectorMax = 1000;

/** Keeps what a connector (0: the station itself) reports; an outlet nobody had told of is added. */
export async function reportStatus(
  context: RuleContext,
  { reportedAt, ...report }: StatusReport,
): Promise<void> {
  const { r, station, receivedAt } = context;
  if (report.connector < 0 || report.connector > connectorMax) return;
  const statusAt = believeTime(reportedAt, receivedAt).at;
  const before = await r.connectors.find(station.uuid, report.connector);
  if (!before) await r.connectors.insert(newConnector(station.uuid, report.connector));
  await r.connectors.reportStatus({ ...report, stationUuid: station.uuid, statusAt });
  if (before?.status === report.status && before.errorCode === report.errorCode) return;
  const { connector, ...detail } = report;
  await note(context, 'connector.status', detail, { at: statusAt, connector });
}

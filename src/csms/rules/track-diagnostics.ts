import { type DiagnosticsRequest, isOpen } from '../../domain/station/diagnostics.js';
import type { RuleContext } from './rule-context.js';

export interface DiagnosticsReport {
  readonly action: DiagnosticsRequest['action'];
  readonly status: string;
  /** Of the request, where the message has one and the station fills it in. */
  readonly requestId?: number | undefined;
}

/**
 * What a station says of an upload that it was asked for. Only a file that is here is received; `Uploaded` without one
 * means that it went somewhere else, or nowhere.
 */
export async function trackDiagnostics(
  { r, station, receivedAt }: Pick<RuleContext, 'r' | 'station' | 'receivedAt'>,
  { action, status, requestId }: DiagnosticsReport,
): Promise<void> {
  if (status === 'Idle') return;
  const request =
    requestId === undefined
      ? await r.diagnostics.findOpen(station.uuid, action)
      : await r.diagnostics.find(requestId);
  if (!request || request.stationUuid !== station.uuid || request.action !== action) return;
  const { id } = request;
  if (!isOpen(request)) {
    await r.diagnostics.update(id, { reported: status });
  } else if (status === 'Uploading') {
    await r.diagnostics.update(id, { state: 'uploading', reported: status });
  } else {
    await r.diagnostics.update(id, { state: 'failed', reported: status, endedAt: receivedAt });
  }
}

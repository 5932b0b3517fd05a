import { parseTime } from '../../../ocpp/v16/time.js';
import { noteFirmwareStatus } from '../../rules/firmware-progress.js';
import { note, type RuleContext } from '../../rules/rule-context.js';
import { trackDiagnostics } from '../../rules/track-diagnostics.js';
import type { Handler16, HandlerContext } from '../handler.js';

/** Messages that only tell something: they are written to the event log, then answered. */

async function record(
  context: HandlerContext,
  kind: string,
  detail: Record<string, unknown>,
  { reportedAt, also }: { reportedAt?: string; also?: (rules: RuleContext) => Promise<void> } = {},
): Promise<Record<string, never>> {
  await context.transact(async (rules) => {
    await note(rules, kind, detail, { at: parseTime(reportedAt) ?? context.receivedAt });
    await also?.(rules);
  });
  context.log.info(kind, { station: context.station.id });
  return {};
}

/** OCPP 1.6 §4.4 */
export const diagnosticsStatusNotification: Handler16<'DiagnosticsStatusNotification'> = (
  { status },
  context,
) =>
  record(
    context,
    `diagnostics.${status}`,
    {},
    { also: (rules) => trackDiagnostics(rules, { action: 'GetDiagnostics', status }) },
  );

/** OCPP 1.6 §4.5 */
export const firmwareStatusNotification: Handler16<'FirmwareStatusNotification'> = ({ status }, context) =>
  record(context, `firmware.${status}`, {}, { also: (rules) => noteFirmwareStatus(rules, { status }) });

/** Security extension */
export const signedFirmwareStatusNotification: Handler16<'SignedFirmwareStatusNotification'> = (
  { status, requestId },
  context,
) =>
  record(
    context,
    `firmware.${status}`,
    { requestId, signed: true },
    { also: (rules) => noteFirmwareStatus(rules, { status, requestId }) },
  );

/** Security extension */
export const logStatusNotification: Handler16<'LogStatusNotification'> = ({ status, requestId }, context) =>
  record(
    context,
    `log.${status}`,
    { requestId },
    { also: (rules) => trackDiagnostics(rules, { action: 'GetLog', status, requestId }) },
  );

/** Security extension; unknown event types are kept as they come. */
export const securityEventNotification: Handler16<'SecurityEventNotification'> = (request, context) =>
  record(
    context,
    `security.${request.type}`,
    { techInfo: request.techInfo },
    { reportedAt: request.timestamp },
  );

import type { Output } from '../operations/fleet.js';
import { oneLine } from './format.js';

/** What a station answered to a remote start, and what came of it. */
export function remoteStarted({
  stationId,
  connector,
  tag,
  status,
  session,
}: Output<'remote.start'>): string {
  if (session)
    return `Session ${session.transactionId} has begun on connector ${session.connector} of ${stationId}.\n`;
  const where = connector === null ? '' : ` on connector ${connector}`;
  return `${stationId} answered ${status}: it will try to charge${where} with tag ${tag}.\n`;
}

/** What a station answered to a remote stop, and what came of it. */
export function remoteStopped({ stationId, transactionId, status, session }: Output<'remote.stop'>): string {
  if (!session?.stopTime) return `${stationId} answered ${status}: it will stop session ${transactionId}.\n`;
  // A sentence keeps its unit, whoever reads it.
  const energy = `${session.energyKwh.toFixed(3)} kWh`;
  return `Session ${transactionId} has ended at ${stationId}: ${energy}, ${session.stopReason}.\n`;
}

/** A station's answer to any call: its status in words, then whatever else it says as JSON. */
export function remoteCalled({
  stationId,
  action,
  answer: { status, ...more },
}: {
  stationId: string;
  action: string;
  answer: Output<'remote.call'>;
}): string {
  const said = status === undefined ? '' : `: ${oneLine(String(status))}`;
  const detail = Object.keys(more).length === 0 ? '' : `${JSON.stringify(more, null, 2)}\n`;
  const lines = `${stationId} answered ${action}${said}.\n${detail}`.split('\n');
  return lines.map(oneLine).join('\n');
}

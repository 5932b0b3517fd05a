import { type Static, Type } from '@sinclair/typebox';
import { plural } from '../../domain/plural.js';
import { type DiagnosticsRequest, isOpen } from '../../domain/station/diagnostics.js';
import { transferProtocols } from '../../domain/station/file-exchange.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

/** Names and order are a contract: CSV columns follow them. */
export const diagnosticsView = Type.Object({
  id: Type.Integer(),
  stationId: Type.String(),
  type: oneOf('diagnostics', 'security'),
  /** `expired`: nothing came, and nothing is taken any more. */
  state: oneOf('requested', 'uploading', 'received', 'nothing', 'failed', 'refused', 'expired'),
  /** How far it came, in words. */
  description: Type.String(),
  requestedAt: instant,
  endedAt: nullable(instant),
  /** The period that was asked for. */
  from: nullable(instant),
  to: nullable(instant),
  protocol: oneOf(...transferProtocols),
  /** As the station calls it. */
  fileName: nullable(Type.String()),
  sizeBytes: nullable(Type.Integer()),
});
export type DiagnosticsView = Static<typeof diagnosticsView>;

export function toDiagnosticsView(request: DiagnosticsRequest, now: number): DiagnosticsView {
  const { id, stationId, type, state, requestedAt, endedAt, fromAt, toAt, protocol, fileName, sizeBytes } =
    request;
  const isExpired = isOpen(request) && request.expiresAt <= now;
  return {
    id,
    stationId,
    type,
    state: isExpired ? 'expired' : state,
    description: isExpired ? 'no file came' : describeProgress(request),
    requestedAt: toIso(requestedAt),
    endedAt: toIso(endedAt),
    from: toIso(fromAt),
    to: toIso(toAt),
    protocol,
    fileName,
    sizeBytes,
  };
}

/** Statuses of DiagnosticsStatusNotification and LogStatusNotification with which an upload ends. */
const failures: Readonly<Record<string, string>> = {
  Uploaded: 'says it has uploaded the file, but it did not arrive here',
  UploadFailed: 'could not upload the file',
  UploadFailure: 'could not upload the file',
  BadMessage: 'could not read the request',
  PermissionDenied: 'was denied access to the file server',
  NotSupportedOperation: 'cannot upload its log in this way',
};

/** How far an upload came, in words that follow the name of the station. */
export function describeProgress({
  state,
  reported,
  fileName,
  sizeBytes,
}: Pick<DiagnosticsRequest, 'state' | 'reported' | 'fileName' | 'sizeBytes'>): string {
  switch (state) {
    case 'requested':
      return 'asked, has not begun yet';
    case 'uploading':
      return 'uploading';
    case 'received':
      return `${fileName ?? 'the file'} is here, ${plural(sizeBytes ?? 0, 'byte')}`;
    case 'nothing':
      return 'has nothing to upload';
    case 'refused':
      return reported === null ? 'refused' : `refused: ${reported}`;
    case 'failed': {
      const known = reported !== null && Object.hasOwn(failures, reported) ? failures[reported] : undefined;
      return known ?? `came to nothing: ${reported ?? 'for no known reason'}`;
    }
  }
}

import type { TransferProtocol } from './file-exchange.js';

/** What a station was asked for: its diagnostics, or its log of security events. */
export type DiagnosticsType = 'diagnostics' | 'security';

/** How far it came. The last four are the end of it, but a file that arrives after all still counts. */
export type DiagnosticsState = 'requested' | 'uploading' | 'received' | 'nothing' | 'failed' | 'refused';

/** A file that a station was asked to upload. */
export interface DiagnosticsRequest {
  /** From 1; what the station is told as `requestId`, where its message has one. Never used again. */
  readonly id: number;
  readonly stationUuid: string;
  readonly stationId: string;
  readonly action: 'GetDiagnostics' | 'GetLog';
  readonly type: DiagnosticsType;
  readonly protocol: TransferProtocol;
  /** The period that was asked for; null: not limited. */
  readonly fromAt: number | null;
  readonly toAt: number | null;
  readonly requestedAt: number;
  /** Until then the file is taken. */
  readonly expiresAt: number;
  readonly state: DiagnosticsState;
  /** The status that the station reported last, or why it came to nothing. */
  readonly reported: string | null;
  /** As the station calls the file. */
  readonly fileName: string | null;
  /** The name on disk. */
  readonly storedAs: string;
  readonly sizeBytes: number | null;
  readonly endedAt: number | null;
}

export interface DiagnosticsFilter {
  readonly stationId?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
}

export interface DiagnosticsRepository {
  /** Gives it the next id. */
  insert(request: Omit<DiagnosticsRequest, 'id'>): Promise<number>;
  find(id: number): Promise<DiagnosticsRequest | undefined>;
  /** The newest request of a station that was sent with this action and has not come to its end. */
  findOpen(
    stationUuid: string,
    action: DiagnosticsRequest['action'],
  ): Promise<DiagnosticsRequest | undefined>;
  update(
    id: number,
    change: Partial<
      Pick<
        DiagnosticsRequest,
        'action' | 'state' | 'reported' | 'fileName' | 'sizeBytes' | 'endedAt' | 'expiresAt'
      >
    >,
  ): Promise<void>;
  /** Those that are open and older than this one get this end. */
  endOlder(
    request: Pick<DiagnosticsRequest, 'id' | 'stationUuid' | 'action'>,
    end: DiagnosticsEnd,
  ): Promise<void>;
  /** All that are open get this end. */
  endAll(end: DiagnosticsEnd): Promise<void>;
  /** Newest first; from before the request `before`. */
  list(
    filter: DiagnosticsFilter,
    page: { limit: number; before?: number | undefined },
  ): Promise<DiagnosticsRequest[]>;
  count(filter: DiagnosticsFilter): Promise<number>;
  /** Requested before an instant, oldest first. */
  listOld(requestedBefore: number, limit: number): Promise<DiagnosticsRequest[]>;
  delete(id: number): Promise<void>;
}

type DiagnosticsEnd = Pick<DiagnosticsRequest, 'state' | 'reported'> & { readonly endedAt: number };

/** States from which something is still to come. */
export const openStates = ['requested', 'uploading'] as const satisfies readonly DiagnosticsState[];

export function isOpen({ state }: Pick<DiagnosticsRequest, 'state'>): boolean {
  return openStates.some((open) => open === state);
}

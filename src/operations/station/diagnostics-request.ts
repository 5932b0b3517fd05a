import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { effectiveSettings } from '../../domain/settings.js';
import { quoteForShell } from '../../domain/shell.js';
import { type DiagnosticsRequest, type DiagnosticsType, isOpen } from '../../domain/station/diagnostics.js';
import {
  type FileExchange,
  type ReceivedFile,
  type TransferProtocol,
  transferProtocols,
} from '../../domain/station/file-exchange.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome, type Done } from '../bulk.js';
import { type OperationContext, stream } from '../operation.js';
import { Refusal, statusOfRefusal } from '../remote/refusal.js';
import { reachable, send, timeoutMs } from '../remote/remote-call.js';
import { timeLeft, waitMs } from '../remote/remote-wait.js';
import { oneOf } from '../shared.js';
import { describeProgress } from './diagnostics-view.js';

/** How long a station may take until its file is here, all its attempts included. */
const uploadValidMs = 6 * 3_600_000;

/** What a station is told to do when an upload breaks off; seconds. */
const retries = { retries: 3, retryInterval: 30 };

export const diagnosticsRequestOperations = {
  'diagnostics.request': stream({
    summary: 'Ask stations to upload their diagnostics or logs',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      /**
       * Left out, GetDiagnostics, which every station with firmware management knows. Else GetLog of the security
       * extension; a station without it is asked for its diagnostics in the old way.
       */
      type: Type.Optional(oneOf('diagnostics', 'security')),
      protocol: Type.Optional(oneOf(...transferProtocols)),
      /** The period that the file should be about; milliseconds since the epoch. */
      from: Type.Optional(Type.Integer()),
      to: Type.Optional(Type.Integer()),
      timeoutMs,
      /** When given, wait until the file is here, this long in all. */
      waitMs,
    }),
    /** `detail` has the `id` of the request and, as far as they are known, `fileName` and `sizeBytes`. */
    output: bulkOutcome,
    run: (context, { targets, concurrency, ...input }) => {
      checkPeriod(input);
      return bulk(context, targets, { concurrency }, (station, signal) =>
        request({ ...context, signal }, station, input),
      );
    },
  }),
};

interface Wanted {
  readonly type?: DiagnosticsType | undefined;
  readonly protocol?: TransferProtocol | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly timeoutMs: number;
  readonly waitMs?: number | undefined;
}

function checkPeriod({ from, to }: Wanted): void {
  if (from === undefined || to === undefined || from < to) return;
  throw new FleetError('USAGE', 'The period ends before it begins: --from has to be earlier than --to.');
}

async function request(context: OperationContext, station: Station, wanted: Wanted): Promise<Done> {
  const { store, clock, newId, exchange } = context;
  const { type, protocol = 'http', from = null, to = null } = wanted;
  const { uuid, id: stationId } = station;
  reachable(context, station);
  const action = type === undefined ? 'GetDiagnostics' : 'GetLog';
  const requestedAt = clock.now();
  const fresh: Omit<DiagnosticsRequest, 'id'> = {
    stationUuid: uuid,
    stationId,
    action,
    type: type ?? 'diagnostics',
    protocol,
    fromAt: from,
    toAt: to,
    requestedAt,
    expiresAt: requestedAt + uploadValidMs,
    state: 'requested',
    reported: null,
    fileName: null,
    storedAs: newId(),
    sizeBytes: null,
    endedAt: null,
  };
  let id = 0;
  const offer = await offered(exchange, context, station, fresh, () => id);
  try {
    id = await store.write(async (r) => {
      const given = await r.diagnostics.insert(fresh);
      const detail = JSON.stringify({ id: given, action, type: fresh.type, protocol });
      const event = {
        stationUuid: uuid,
        stationId,
        at: requestedAt,
        receivedAt: requestedAt,
        connector: null,
      };
      await r.events.insert({ ...event, kind: 'diagnostics.requested', detail });
      return given;
    });
    const done = await ask(context, station, { ...fresh, id }, { location: offer.url, wanted });
    if (wanted.waitMs === undefined || done.status === 'nothing') return done;
    return await received(context, station, id, { waitMs: wanted.waitMs, requestedAt });
  } catch (error) {
    // After a clear no. A station that did not answer in time may still bring its file.
    if (error instanceof FleetError && error.code === 'REFUSED' && (await isRefused(context, id, error))) {
      offer.withdraw();
    }
    throw error;
  }
}

/** What a station is offered the room for, and what happens when it has brought the file. */
function offered(
  exchange: FileExchange | undefined,
  { store, clock }: OperationContext,
  { uuid, id: stationId }: Station,
  { protocol, storedAs, expiresAt }: Omit<DiagnosticsRequest, 'id'>,
  requestId: () => number,
) {
  if (!exchange) throw new FleetError('SERVER_UNREACHABLE', 'This server takes no files of stations.');
  const onReceived = ({ name, sizeBytes }: ReceivedFile) =>
    store.write(async (r) => {
      const id = requestId();
      const now = clock.now();
      const known = await r.diagnostics.find(id);
      if (!known) throw new FleetError('NOT_FOUND', `Request ${id} was deleted.`);
      const fileName = name === '' ? known.fileName : name;
      await r.diagnostics.update(id, { state: 'received', fileName, sizeBytes, endedAt: now });
      const detail = JSON.stringify({ id, fileName, sizeBytes });
      const event = { stationUuid: uuid, stationId, at: now, receivedAt: now, connector: null };
      await r.events.insert({ ...event, kind: 'diagnostics.received', detail });
    });
  return store
    .read((r) => r.settings.list())
    .then((stored) => {
      const maxBytes = effectiveSettings(stored)['diagnostics.max-size'];
      const common = { station: { uuid, id: stationId }, protocol, expiresAt };
      return exchange.offerUpload({ ...common, maxBytes, storeAs: storedAs, onReceived });
    });
}

async function ask(
  context: OperationContext,
  station: Station,
  record: DiagnosticsRequest,
  { location, wanted }: { location: string; wanted: Wanted },
): Promise<Done> {
  const { store, clock, signal } = context;
  const { timeoutMs } = wanted;
  const options = { timeoutMs, signal };
  const { id, type } = record;
  const superseded = { state: 'failed' as const, reported: `superseded by ${id}`, endedAt: clock.now() };
  const note = (change: { fileName?: string; state?: 'nothing'; endedAt?: number }) =>
    store.write(async (r) => {
      await r.diagnostics.endOlder(record, superseded);
      const now = await r.diagnostics.find(id);
      // The file may have been quicker than the answer.
      if (now && isOpen(now)) await r.diagnostics.update(id, change);
    });

  if (record.action === 'GetLog') {
    const payload = {
      logType: type === 'security' ? 'SecurityLog' : 'DiagnosticsLog',
      requestId: id,
      ...retries,
      log: {
        remoteLocation: location,
        ...(record.fromAt !== null && { oldestTimestamp: new Date(record.fromAt).toISOString() }),
        ...(record.toAt !== null && { latestTimestamp: new Date(record.toAt).toISOString() }),
      },
    };
    try {
      const answer = await send(context, station, { action: 'GetLog', payload }, options);
      const status = String(answer.status);
      if (status !== 'Accepted' && status !== 'AcceptedCanceled') {
        throw new Refusal(station.id, status, `${station.id} refused to upload its log: ${status}.`);
      }
      const fileName = nameIn(answer.filename);
      await note(fileName === undefined ? {} : { fileName });
      return willUpload(station, id, { status, fileName, what: type });
    } catch (error) {
      if (!(error instanceof FleetError) || !isUnknownAction(error)) throw error;
      if (type === 'security') {
        throw new Refusal(
          station.id,
          statusOfRefusal(error) ?? 'NotImplemented',
          `${station.id} does not know GetLog: it has no log of security events to upload.`,
          [`evfleet diagnostics request ${quoteForShell(station.id)}`],
        );
      }
      await store.write((r) => r.diagnostics.update(id, { action: 'GetDiagnostics' }));
      return ask(context, station, { ...record, action: 'GetDiagnostics' }, { location, wanted });
    }
  }

  const payload = {
    location,
    ...retries,
    ...(record.fromAt !== null && { startTime: new Date(record.fromAt).toISOString() }),
    ...(record.toAt !== null && { stopTime: new Date(record.toAt).toISOString() }),
  };
  const answer = await send(context, station, { action: 'GetDiagnostics', payload }, options);
  const fileName = nameIn(answer.fileName);
  if (fileName === undefined) {
    // The room stays: some stations leave out the name and upload all the same.
    await note({ state: 'nothing', endedAt: clock.now() });
    const message = `${station.id} has nothing to upload${wanted.from !== undefined || wanted.to !== undefined ? ' of that time' : ''}.`;
    return { status: 'nothing', message, detail: { id } };
  }
  await note({ fileName });
  const fellBack = wanted.type === undefined ? '' : ' (by GetDiagnostics: it does not know GetLog)';
  return willUpload(station, id, { status: 'Accepted', fileName, what: 'diagnostics', fellBack });
}

function willUpload(
  { id: stationId }: Station,
  id: number,
  {
    status,
    fileName,
    what,
    fellBack = '',
  }: { status: string; fileName: string | undefined; what: string; fellBack?: string },
): Done {
  const named = fileName === undefined ? `its ${what} log` : fileName;
  return {
    status,
    message: `${stationId} will upload ${named}${fellBack}: request ${id}.`,
    detail: { id, fileName: fileName ?? null },
  };
}

/** @throws FleetError TIMED_OUT, or Refusal when the station says that it failed */
async function received(
  { store, clock, live, signal }: OperationContext,
  { id: stationId, uuid }: Station,
  id: number,
  { waitMs, requestedAt }: { waitMs: number; requestedAt: number },
): Promise<Done> {
  const ended = await live?.waitFor(
    async () => {
      const now = await store.read((r) => r.diagnostics.find(id));
      return now && isOpen(now) ? undefined : now;
    },
    { timeoutMs: timeLeft(waitMs, requestedAt, clock), signal, stationUuid: uuid },
  );
  if (!ended) {
    throw new FleetError('TIMED_OUT', `${stationId} has not uploaded the file of request ${id} yet.`, {
      suggestions: [
        `evfleet diagnostics list ${quoteForShell(stationId)}`,
        'Give it more time with --timeout 10m.',
      ],
    });
  }
  const { state, reported, fileName, sizeBytes } = ended;
  const words = describeProgress(ended);
  if (state !== 'received') throw new Refusal(stationId, reported ?? state, `${stationId}: ${words}.`);
  return { status: 'received', message: `${stationId}: ${words}.`, detail: { id, fileName, sizeBytes } };
}

/** Writes the refusal down; false when the station had said otherwise before. */
async function isRefused(
  { store, clock }: OperationContext,
  id: number,
  error: FleetError,
): Promise<boolean> {
  return store.write(async (r) => {
    const now = id === 0 ? undefined : await r.diagnostics.find(id);
    if (now?.state !== 'requested') return false;
    const reported = statusOfRefusal(error);
    await r.diagnostics.update(id, { state: 'refused', reported, endedAt: clock.now() });
    return true;
  });
}

function isUnknownAction(error: FleetError): boolean {
  const status = statusOfRefusal(error);
  return status === 'NotImplemented' || status === 'NotSupported';
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import type { DiagnosticsRequest } from '../../domain/station/diagnostics.js';
import type { StoredFiles } from '../../domain/station/file-exchange.js';
import { staff } from '../access.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { checkStationKnown } from '../lookup.js';
import { type OperationContext, stream, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { followEvents } from '../record/follow.js';
import { deleteInput, deleteOrIgnore, deleteOutput, given } from '../shared.js';
import { diagnosticsRequestOperations } from './diagnostics-request.js';
import { diagnosticsView, toDiagnosticsView } from './diagnostics-view.js';

const which = { id: Type.Integer() };

export const diagnosticsOperations = {
  ...diagnosticsRequestOperations,

  'diagnostics.list': unary({
    summary: 'List what stations were asked to upload, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object({ stationId: Type.Optional(Type.String()), ...listQuery }),
    output: listOf(diagnosticsView),
    async run({ store, clock, signal }, { stationId, ...query }) {
      const filter = given({ stationId });
      await store.read((r) => checkStation(r, stationId));
      const now = clock.now();
      const source = {
        page: (size: number, after: DiagnosticsRequest | undefined) =>
          store.read((r) => r.diagnostics.list(filter, { limit: size, before: after?.id })),
        count: () => store.read((r) => r.diagnostics.count(filter)),
        view: (request: DiagnosticsRequest) => toDiagnosticsView(request, now),
        fields: fieldsOf(diagnosticsView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'diagnostics.show': unary({
    summary: 'Show one request for diagnostics',
    access: staff,
    effect: 'read',
    input: Type.Object(which),
    output: diagnosticsView,
    async run({ store, clock }, { id }) {
      return toDiagnosticsView(await store.read((r) => findRequest(r, id)), clock.now());
    },
  }),

  'diagnostics.get': stream({
    summary: 'The file that a station uploaded',
    access: staff,
    effect: 'read',
    input: Type.Object(which),
    /** The bytes in order, each piece in base64. */
    output: Type.Object({ data: Type.String() }),
    async *run(context, { id }) {
      const { state, storedAs, stationId } = await context.store.read((r) => findRequest(r, id));
      if (state !== 'received') {
        throw new FleetError(
          'CONFLICT',
          `There is no file of request ${id}: ${stationId} has not uploaded one.`,
          {
            suggestions: ['evfleet diagnostics list'],
          },
        );
      }
      for await (const chunk of filesOf(context).read(storedAs)) {
        context.signal.throwIfAborted();
        yield [{ data: Buffer.from(chunk).toString('base64') }];
      }
    },
  }),

  'diagnostics.delete': unary({
    summary: 'Remove a request and the file that came of it',
    access: staff,
    effect: 'change',
    input: Type.Object({ ...which, ...deleteInput }),
    output: deleteOutput,
    run: (context, { id, ignoreNotFound }) =>
      deleteOrIgnore(ignoreNotFound, async () => {
        const { storedAs } = await context.store.write(async (r) => {
          const request = await findRequest(r, id);
          await r.diagnostics.delete(id);
          return request;
        });
        await filesOf(context).remove(storedAs);
      }),
  }),

  'diagnostics.follow': stream({
    summary: 'Requests for diagnostics as they come along',
    access: staff,
    effect: 'read',
    input: Type.Object({ stationId: Type.Optional(Type.String()) }),
    output: diagnosticsView,
    async *run(context, { stationId }) {
      const { store, clock } = context;
      await store.read((r) => checkStation(r, stationId));
      // What a station says of an upload is an event of its own, and so is the file.
      for await (const events of followEvents(context, { filter: given({ stationId }), tail: 0 })) {
        const ids = new Set(
          events.filter(({ kind }) => /^(diagnostics|log)\./.test(kind)).map((e) => e.stationId),
        );
        const changed = await store.read(async (r) => {
          const requests: DiagnosticsRequest[] = [];
          for (const id of ids) requests.push(...(await r.diagnostics.list({ stationId: id }, { limit: 1 })));
          return requests;
        });
        yield changed.map((request) => toDiagnosticsView(request, clock.now()));
      }
    },
  }),
};

/** Whether a station of that id is, or was, known. */
function checkStation(r: Repositories, stationId: string | undefined): Promise<void> {
  return checkStationKnown(r, stationId, (id) => r.diagnostics.list({ stationId: id }, { limit: 1 }));
}

async function findRequest(r: Repositories, id: number): Promise<DiagnosticsRequest> {
  const request = await r.diagnostics.find(id);
  if (request) return request;
  throw new FleetError('NOT_FOUND', `There is no request ${id} for diagnostics.`, {
    suggestions: ['evfleet diagnostics list'],
  });
}

function filesOf({ diagnosticsFiles }: OperationContext): StoredFiles {
  if (diagnosticsFiles) return diagnosticsFiles;
  throw new FleetError('UNEXPECTED', 'Files of stations cannot be reached here.');
}

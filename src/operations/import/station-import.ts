import { type Static, Type } from '@sinclair/typebox';
import {
  modes,
  registrations,
  type StationColumn,
  type StationLine,
  stationColumns,
  stationLimits,
} from '../../domain/import/station-import.js';
import type { Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { siteManagers } from '../access.js';
import { type OperationContext, unary } from '../operation.js';
import { ifExists, nullable, oneOf } from '../shared.js';
import { noteRegistration } from '../topology/note-registration.js';
import {
  appliedLinesMax,
  type ColumnFault,
  checkedLinesMax,
  checkNoFaults,
  countOutcomes,
  firstFaults,
  importCounts,
  importFaults,
  importOutcome,
  judgeLines,
  tellFault,
} from './import-lines.js';
import { missingPlaces } from './import-places.js';
import { type JudgedStation, StationJudge } from './station-import-judge.js';

function ofEach<T extends Parameters<typeof Type.Array>[0]>(schema: T) {
  return Type.Optional(Type.Array(schema, { maxItems: stationLimits.connectors }));
}

const place = Type.Optional(Type.String({ minLength: 1, maxLength: stationLimits.name }));

const lineInput = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  id: Type.String({ maxLength: 1000 }),
  name: Type.Optional(Type.String({ maxLength: 1000 })),
  site: place,
  floor: place,
  connectors: Type.Optional(Type.Integer({ minimum: 1, maximum: stationLimits.connectors })),
  registration: Type.Optional(oneOf(...registrations)),
  securityProfile: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  /** Seconds. */
  heartbeatInterval: Type.Optional(Type.Integer({ minimum: 1, maximum: stationLimits.heartbeatInterval })),
  groups: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: stationLimits.name }), {
      maxItems: stationLimits.groups,
    }),
  ),
  // Of connectors: one value for all, or one for each.
  mode: ofEach(oneOf(...modes)),
  evseId: ofEach(nullable(Type.String({ maxLength: stationLimits.evseId }))),
  type: ofEach(nullable(Type.String({ maxLength: stationLimits.type }))),
  maxPowerKw: ofEach(nullable(Type.Number({ exclusiveMinimum: 0, maximum: stationLimits.maxPowerKw }))),
});

const input = {
  /** What the lines say beside the id; a line that lacks one of these empties it. */
  columns: Type.Array(oneOf(...stationColumns), { uniqueItems: true }),
  ifExists,
  /** Makes the sites, floors and groups that the lines name and that are not there. */
  createMissing: Type.Optional(Type.Boolean()),
};

const outcome = Type.Object({ ...importOutcome, id: Type.String() });
export type StationOutcome = Static<typeof outcome>;

type Column = 'id' | StationColumn;

export const stationImportOperations = {
  'station-import.check': unary({
    summary: 'Say what would become of stations to import',
    access: siteManagers,
    effect: 'read',
    input: Type.Object({ ...input, lines: Type.Array(lineInput, { maxItems: checkedLinesMax }) }),
    output: Type.Object({
      lines: Type.Array(outcome),
      ...missingPlaces,
      ...importFaults(oneOf('id', ...stationColumns)),
    }),
    run: (context, { lines, ifExists = 'fail', createMissing = false, columns }) =>
      context.store.read(async (r) => {
        const judge = await StationJudge.open(r, { columns, ifExists, createMissing }, context);
        const { judged, faults } = await judgeStations(judge, lines);
        return { lines: judged.map(toOutcome), ...judge.places.missing, ...firstFaults(faults) };
      }),
  }),

  'station-import.apply': unary({
    summary: 'Create and change stations: all of the lines, or none',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ ...input, lines: Type.Array(lineInput, { maxItems: appliedLinesMax }) }),
    output: Type.Object({ ...importCounts, ...missingPlaces, lines: Type.Array(outcome) }),
    async run(context, { lines, ifExists = 'fail', createMissing = false, columns }) {
      const { store, live, clock } = context;
      const { judged, missing } = await store.write(async (r) => {
        const judge = await StationJudge.open(r, { columns, ifExists, createMissing }, context);
        const { judged, faults } = await judgeStations(judge, lines);
        checkNoFaults(faults);
        await judge.places.create(r, clock.now());
        // What is wrong with something out of the caller's sight is known only now.
        for (const one of judged) {
          await tellFault(faults, { line: one.line, column: 'id' }, () => put(r, one, context));
        }
        checkNoFaults(faults);
        return { judged, missing: judge.places.missing };
      });
      for (const { before, after } of judged) {
        if (before && concernsConnection(before.station, after.station))
          await live?.stationChanged(after.station);
      }
      return { ...countOutcomes(judged), ...missing, lines: judged.map(toOutcome) };
    },
  }),
};

function judgeStations(judge: StationJudge, lines: readonly StationLine[]) {
  return judgeLines<StationLine, Column, JudgedStation>(lines, {
    key: 'id',
    keyOf: ({ id }) => id,
    judge: (line, faults: ColumnFault<Column>[]) => judge.judge(line, faults),
  });
}

async function put(
  r: Repositories,
  { outcome, before, after }: JudgedStation,
  { caller, clock }: OperationContext,
): Promise<void> {
  if (outcome === 'skipped' || outcome === 'unchanged') return;
  const { station } = after;
  if (before) {
    await r.stations.update(station.uuid, changed(before.station, station));
    await noteRegistration(r, before.station, station.registration, { caller, clock });
  } else {
    await r.stations.insert(station);
    await r.unknownStations.forget(station.id);
  }
  await putConnectors(r, before?.connectors ?? [], after.connectors);
  await putGroups(r, station.uuid, before?.groupUuids ?? [], after.groupUuids ?? []);
}

async function putConnectors(
  r: Repositories,
  before: JudgedStation['after']['connectors'],
  after: JudgedStation['after']['connectors'],
): Promise<void> {
  for (const outlet of after) {
    const { stationUuid, connector, mode, evseId, type, maxPowerW } = outlet;
    const old = before.find((known) => known.connector === connector);
    if (!old) await r.connectors.insert(outlet);
    else {
      const change = changed(old, { ...old, mode, evseId, type, maxPowerW });
      if (Object.keys(change).length > 0) await r.connectors.update(stationUuid, connector, change);
    }
  }
  const last = after.at(-1);
  if (last && before.some(({ connector }) => connector > last.connector)) {
    await r.connectors.deleteAbove(last.stationUuid, last.connector);
  }
}

async function putGroups(
  r: Repositories,
  stationUuid: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const uuid of after) if (!before.includes(uuid)) await r.groups.addStation(uuid, stationUuid);
  for (const uuid of before) if (!after.includes(uuid)) await r.groups.removeStation(uuid, stationUuid);
}

function changed<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(after) as (keyof T)[];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key]]),
  ) as Partial<T>;
}

/** What its connection has to know of at once. */
function concernsConnection(before: Station, after: Station): boolean {
  return before.registration !== after.registration || before.securityProfile !== after.securityProfile;
}

function toOutcome({ line, id, outcome, changes }: JudgedStation): StationOutcome {
  return { line, id, outcome, changes: [...changes] };
}

import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { isSecretName } from '../../domain/secret-names.js';
import { quoteForShell } from '../../domain/shell.js';
import {
  type ConfigurationTemplate,
  type DesiredKey,
  desiredOf,
  keyStates,
  maskedValue,
  matches,
  type StationConfiguration,
} from '../../domain/station/configuration.js';
import { type Endeavour, statesOf } from '../../domain/station/configuration-exchange.js';
import { complaintAbout, foldKeyName, howToSetSecret } from '../../domain/station/configuration-keys.js';
import { fleetStaff, staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome, type Done } from '../bulk.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findStation } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import { resolveTargets, targets } from '../selector.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';
import { bringAboutAt, configurationOf, desiredAt, keyName, keyValue, timeoutInput } from './config-calls.js';

/** Templates of one request, keys of one template. */
const templatesMax = 1000;
const keysMax = 200;

/** Stations that are compared in one go. */
const pageSize = 200;

const pattern = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));

const template = Type.Object({
  match: Type.Object({ vendor: pattern, model: pattern, firmware: pattern }, { additionalProperties: false }),
  configuration: Type.Record(keyName, keyValue, { maxProperties: keysMax }),
});

const templates = Type.Array(template, { maxItems: templatesMax });

const desiredView = Type.Object({
  stationId: Type.String(),
  key: Type.String(),
  desired: Type.String(),
  /** What the station reported last; null when it gave no value, or was not asked yet. */
  reported: nullable(Type.String()),
  state: oneOf(...keyStates),
  /** Which template, or `station` for what was applied to it alone. */
  source: Type.String(),
  reportedAt: nullable(instant),
});
export type DesiredView = Static<typeof desiredView>;

export const configTemplateOperations = {
  'config.keep': unary({
    summary: 'Keep templates: what stations that match should have',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object({ templates }),
    output: Type.Object({
      kept: Type.Integer(),
      removed: Type.Integer(),
      /** Stations that match one of them now. */
      stationIds: Type.Array(Type.String()),
    }),
    async run({ store, clock }, { templates }) {
      checkTemplates(templates);
      const now = clock.now();
      const isEmpty = ({ configuration }: ConfigurationTemplate) => Object.keys(configuration).length === 0;
      await store.write(async (r) => {
        for (const one of templates) {
          if (isEmpty(one)) await r.configurations.removeTemplate(one.match);
          else await r.configurations.putTemplate(one, now);
        }
      });
      const removed = templates.filter(isEmpty).length;
      const stations = await store.read((r) => r.stations.list());
      const stationIds = stations
        .filter((station) => templates.some(({ match }) => matches(match, station)))
        .map(({ id }) => id);
      return { kept: templates.length - removed, removed, stationIds };
    },
  }),

  'config.apply': stream({
    summary: 'Bring about the desired configuration of stations',
    access: staff,
    effect: 'change',
    input: Type.Object({
      ...bulkInput,
      ...timeoutInput,
      /** What these stations alone should have from now on; when left out, what is desired of them already. */
      templates: Type.Optional(templates),
    }),
    output: bulkOutcome,
    async *run(context, { targets, concurrency, timeoutMs, templates }) {
      const { store, live } = context;
      if (templates) checkTemplates(templates);
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        if (templates) await store.write((r) => keepFor(r, station, templates));
        const desired = await store.read((r) => desiredAt(r, station));
        if (desired.size === 0) {
          return { status: null, message: `${station.id}: nothing is desired of it; no template fits it.` };
        }
        if (!live?.isOnline(station.uuid)) {
          return { status: null, message: `${station.id} is offline; it gets its values when it connects.` };
        }
        if (station.registration !== 'accepted') {
          const message = `${station.id} is ${station.registration}; it gets its values when it is accepted.`;
          return { status: null, message };
        }
        const endeavour = await bringAboutAt(context, station, desired, { timeoutMs, signal });
        return outcomeOf(station, desired, endeavour);
      });
    },
  }),

  'config.diff': unary({
    summary: 'Compare desired configuration with what stations reported last',
    access: staff,
    effect: 'read',
    input: Type.Object({
      targets: Type.Optional(targets),
      /** Compare with these instead of what is desired already. */
      templates: Type.Optional(templates),
      ...listQuery,
    }),
    output: Type.Object({ ...listOf(desiredView).properties, stations: Type.Integer() }),
    async run({ store, live, signal }, { targets, templates, ...query }) {
      if (templates) checkTemplates(templates);
      const stations = await store.read((r) =>
        targets ? resolveTargets(r, live, targets) : r.stations.list(),
      );
      const rows = await compare(store, stations, signal, templates);
      const differing = rows.filter(({ state }) => state !== 'applied');
      const compared = new Set(rows.map(({ stationId }) => stationId)).size;
      return { ...applyListQuery(differing, query, fieldsOf(desiredView)), stations: compared };
    },
  }),

  'config.status': unary({
    summary: 'Show how desired configuration stands',
    access: staff,
    effect: 'read',
    input: Type.Object({ stationId: Type.Optional(Type.String()), ...listQuery }),
    output: listOf(desiredView),
    async run({ store, signal }, { stationId, ...query }) {
      const stations = await store.read(async (r) =>
        stationId === undefined ? r.stations.list() : [await findStation(r, stationId)],
      );
      return applyListQuery(await compare(store, stations, signal), query, fieldsOf(desiredView));
    },
  }),
};

/** @throws FleetError USAGE for values that a key does not take, and for secrets, which are never kept in clear */
function checkTemplates(templates: readonly ConfigurationTemplate[]): void {
  for (const { configuration } of templates) {
    for (const [key, value] of Object.entries(configuration)) {
      if (isSecretName(key)) {
        throw new FleetError('USAGE', `${key} is a secret; what is desired is kept in clear.`, {
          suggestions: [howToSetSecret(key)],
        });
      }
      const complaint = complaintAbout(key, value);
      if (complaint !== undefined) throw new FleetError('USAGE', `${key} ${complaint}.`);
    }
  }
}

/** Of these templates those values that are for the station, in the place of what was applied to it before. */
async function keepFor(
  r: Repositories,
  station: Station,
  templates: readonly ConfigurationTemplate[],
): Promise<void> {
  const wanted = desiredOf(templates, station).values();
  const desired = Object.fromEntries([...wanted].map(({ key, value }) => [key, value]));
  await r.configurations.put({ ...(await configurationOf(r, station.uuid)), desired });
}

/** A page at a time: other work comes in between. */
async function compare(
  store: Store,
  stations: readonly Station[],
  signal: AbortSignal,
  templates?: readonly ConfigurationTemplate[],
): Promise<DesiredView[]> {
  const kept = templates ?? (await store.read((r) => r.configurations.listTemplates()));
  const rows: DesiredView[] = [];
  for (let next = 0; next < stations.length; next += pageSize) {
    signal.throwIfAborted();
    await store.read(async (r) => {
      for (const station of stations.slice(next, next + pageSize)) {
        const known = await configurationOf(r, station.uuid);
        rows.push(...rowsOf(station, known, desiredOf(kept, station, templates ? {} : known.desired)));
      }
    });
  }
  return rows;
}

function rowsOf(
  station: Station,
  known: StationConfiguration,
  desired: ReadonlyMap<string, DesiredKey>,
): DesiredView[] {
  const states = statesOf(known, desired, station.bootedAt);
  const reported = new Map(known.reported.map((entry) => [foldKeyName(entry.key), entry]));
  return [...desired].map(([folded, { key, value, source }]) => {
    const entry = reported.get(folded);
    return {
      stationId: station.id,
      key,
      desired: maskedValue(key, value),
      reported: entry?.value ?? null,
      state: states.get(folded) ?? 'pending',
      source,
      reportedAt: toIso(entry?.reportedAt ?? null),
    };
  });
}

function outcomeOf(
  { id }: Station,
  desired: ReadonlyMap<string, DesiredKey>,
  { states: found, sent, failure }: Endeavour,
): Done {
  if (failure !== undefined) throw failure;
  const states = new Map([...found].map(([folded, state]) => [desired.get(folded)?.key ?? folded, state]));
  const keysIn = (...wanted: readonly string[]): string[] =>
    [...states].filter(([, state]) => wanted.includes(state)).map(([key]) => key);
  const [refused, rebooting, left] = [
    keysIn('rejected', 'not-supported'),
    keysIn('reboot-required'),
    keysIn('pending', 'drifted'),
  ];
  const said = [
    `${keysIn('applied').length} of ${states.size} as desired`,
    ...(sent.length > 0 ? [`${sent.length} sent`] : []),
    ...(rebooting.length > 0 ? [`after a reboot: ${rebooting.join(', ')}`] : []),
    ...(refused.length > 0 ? [`refused: ${refused.join(', ')}`] : []),
    ...(left.length > 0 ? [`accepted, but not in force: ${left.join(', ')}`] : []),
  ];
  const message = `${id}: ${said.join('; ')}.`;
  const suggestion = `evfleet config status ${quoteForShell(id)}`;
  if (refused.length > 0) throw new Refusal(id, 'Rejected', message, [suggestion]);
  if (left.length > 0) throw new FleetError('CONFLICT', message, { suggestions: [suggestion] });
  const detail = { sent: [...sent], states: Object.fromEntries(states) };
  return { status: rebooting.length > 0 ? 'RebootRequired' : 'Accepted', message, detail };
}

import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { plural } from '../../domain/plural.js';
import { isSecretName, mask } from '../../domain/secret-names.js';
import { quoteForShell } from '../../domain/shell.js';
import { type DesiredKey, emptyConfiguration, type ReportedKey } from '../../domain/station/configuration.js';
import { changeKey, readAllKeys, readKeys } from '../../domain/station/configuration-exchange.js';
import {
  authorizationKeyNotSet,
  foldKeyName,
  isAuthorizationKey,
  isSameValue,
  standardKey,
  standardKeyNames,
} from '../../domain/station/configuration-keys.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findStation } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';
import {
  callsTo,
  checkValues,
  configurationOf,
  desiredAt,
  keyName,
  keyValue,
  remember,
  timeoutInput,
} from './config-calls.js';

/** Keys of one request; more than any station has. */
const keysMax = 1000;

/** Values of one `config set`. */
const valuesMax = 200;

const keyView = Type.Object({
  key: Type.String(),
  /** Null for keys that can only be written; masked for secrets. */
  value: nullable(Type.String()),
  readOnly: Type.Boolean(),
  /** These three only of standard keys. */
  type: nullable(oneOf('boolean', 'integer', 'list', 'text')),
  unit: nullable(Type.String()),
  meaning: nullable(Type.String()),
  reportedAt: instant,
});
export type KeyView = Static<typeof keyView>;

const keyList = Type.Object({
  ...listOf(keyView).properties,
  /** Asked for by name, and the station does not have it; from the store: was not reported. */
  unknown: Type.Array(Type.String()),
});

/** That the value is a secret, whatever the key is called: no output has it. */
const isSecret = Type.Optional(Type.Boolean());

const whichKeys = { stationId: Type.String(), keys: Type.Array(keyName, { maxItems: keysMax }) };

export const configOperations = {
  'config.get': unary({
    summary: 'Read the configuration of a station',
    access: staff,
    effect: 'read',
    live: true,
    input: Type.Object({ ...whichKeys, ...timeoutInput, ...listQuery }),
    output: keyList,
    async run(context, { stationId, keys, timeoutMs, ...query }) {
      const { store, clock } = context;
      const station = await store.read((r) => findStation(r, stationId));
      const call = callsTo(context, station, { timeoutMs });
      const now = () => clock.now();
      const known = await store.read((r) => configurationOf(r, station.uuid));
      const { bootedAt } = station;
      const reading =
        keys.length === 0
          ? await readAllKeys(call, now)
          : await readKeys(call, keys, { known, bootedAt, now });
      await remember(store, station, reading.learned);
      const { reported } = reading.learned(emptyConfiguration(station.uuid));
      const asked = new Set(reading.entries.map(({ key }) => foldKeyName(key)));
      const rows = reported.filter(({ key }) => asked.has(foldKeyName(key)));
      if (keys.length > 0 && rows.length === 0) throw unknownKeys(stationId, reading.unknown);
      return { ...applyListQuery(rows.map(toView), query, fieldsOf(keyView)), unknown: [...reading.unknown] };
    },
  }),

  'config.cached': unary({
    summary: 'Show the configuration that a station reported last',
    access: staff,
    effect: 'read',
    input: Type.Object({ ...whichKeys, ...listQuery }),
    output: keyList,
    async run({ store }, { stationId, keys, ...query }) {
      const { reported } = await store.read(async (r) =>
        configurationOf(r, (await findStation(r, stationId)).uuid),
      );
      if (reported.length === 0) {
        throw new FleetError('NOT_FOUND', `Nothing is known of the configuration of ${stationId} yet.`, {
          suggestions: [`evfleet config pull ${quoteForShell(stationId)}`],
        });
      }
      const byName = new Map(reported.map((entry) => [foldKeyName(entry.key), entry]));
      const unknown = keys.filter((key) => !byName.has(foldKeyName(key)));
      const rows =
        keys.length === 0
          ? reported
          : keys.map((key) => byName.get(foldKeyName(key))).filter((entry) => entry !== undefined);
      if (keys.length > 0 && rows.length === 0) throw unknownKeys(stationId, unknown);
      return { ...applyListQuery(rows.map(toView), query, fieldsOf(keyView)), unknown };
    },
  }),

  'config.pull': stream({
    summary: 'Read the configuration of stations and keep it',
    access: staff,
    effect: 'read',
    live: true,
    input: Type.Object({ ...bulkInput, ...timeoutInput }),
    output: bulkOutcome,
    run: (context, { targets, concurrency, timeoutMs }) =>
      bulk(context, targets, { concurrency }, async (station, signal) => {
        const call = callsTo(context, station, { timeoutMs, signal });
        const { entries, learned } = await readAllKeys(call, () => context.clock.now());
        await remember(context.store, station, learned);
        return {
          status: null,
          message: `${station.id}: ${plural(entries.length, 'key')} read.`,
          detail: { keys: entries.length },
        };
      }),
  }),

  'config.set': stream({
    summary: 'Give configuration keys of stations a value',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      ...timeoutInput,
      values: Type.Array(Type.Object({ key: keyName, value: keyValue, secret: isSecret }), {
        minItems: 1,
        maxItems: valuesMax,
      }),
      /** Also what a standard key does not take. */
      force: Type.Optional(Type.Boolean()),
    }),
    output: bulkOutcome,
    async *run(context, { targets, concurrency, timeoutMs, values, force }) {
      checkDistinct(values);
      refuseAuthorizationKey(values);
      if (!force) checkValues(values);
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const call = callsTo(context, station, { timeoutMs, signal });
        const now = () => context.clock.now();
        const { store } = context;
        const statuses: { key: string; value: string; status: string; hidden: boolean }[] = [];
        for (const { key, value, secret = false } of values) {
          const status = await changeKey(call, key, value).catch((error: unknown) => {
            throw afterOthers(error, statuses);
          });
          statuses.push({ key, value, status, hidden: secret || isSecretName(key) });
        }
        // What is secret is not read back: it would be kept in clear under a name that does not sound like it.
        const taken = statuses
          .filter(({ status, hidden }) => status === 'Accepted' && !hidden)
          .map(({ key }) => key);
        const { known, desired } = await store.read(async (r) => ({
          known: await configurationOf(r, station.uuid),
          desired: await desiredAt(r, station),
        }));
        // For the record only: a new password, for one, ends the connection.
        const reading =
          taken.length === 0
            ? undefined
            : await readKeys(call, taken, { known, bootedAt: station.bootedAt, now }).catch(
                (error: unknown) => {
                  if (signal.aborted || !(error instanceof FleetError)) throw error;
                  return undefined;
                },
              );
        if (reading) await remember(store, station, reading.learned);
        const read = new Map(reading?.entries.map(({ key, value }) => [foldKeyName(key), value]));
        const keys = statuses.map(({ key, value, status, hidden }) => ({
          key,
          value: hidden ? mask : value,
          status,
          words: hidden
            ? inWords(status, key, 'set', null)
            : inWords(status, key, value, read.get(foldKeyName(key)) ?? null) + warning(desired, key, value),
        }));
        const message = `${station.id}: ${keys.map(({ key, words }) => `${key} ${words}`).join('; ')}.`;
        const refused = keys.find(({ status }) => !isTaken(status));
        if (refused) throw new Refusal(station.id, refused.status, message);
        const status = keys.some((key) => key.status === 'RebootRequired') ? 'RebootRequired' : 'Accepted';
        return { status, message, detail: { keys } };
      });
    },
  }),
};

/** The server has to know it before the station does. @throws FleetError USAGE */
function refuseAuthorizationKey(values: readonly { readonly key: string }[]): void {
  if (values.some(({ key }) => isAuthorizationKey(key))) throw authorizationKeyNotSet();
}

/** @throws FleetError USAGE when a key has two values */
function checkDistinct(values: readonly { readonly key: string }[]): void {
  const seen = new Set<string>();
  for (const { key } of values) {
    if (seen.has(foldKeyName(key))) throw new FleetError('USAGE', `${key} is given twice.`);
    seen.add(foldKeyName(key));
  }
}

function isTaken(status: string): boolean {
  return status === 'Accepted' || status === 'RebootRequired';
}

/** The keys before the one that got no answer are changed all the same. */
function afterOthers(error: unknown, others: readonly { key: string; status: string }[]): unknown {
  if (!(error instanceof FleetError) || others.length === 0) return error;
  const before = others.map(({ key, status }) => `${key} ${status}`).join(', ');
  const { code, message, suggestions, cause } = error;
  return new FleetError(code, `${message} Before that: ${before}.`, { suggestions, cause });
}

function inWords(status: string, key: string, value: string, read: string | null): string {
  const shown = value === '' ? 'empty' : value;
  switch (status) {
    case 'Accepted':
      return read === null || isSameValue(key, read, value)
        ? `is ${shown} now`
        : `was accepted, but is still ${read}`;
    case 'RebootRequired':
      return `will be ${shown} after the next reboot`;
    case 'NotSupported':
      return 'is a key that it does not have (NotSupported)';
    case 'Rejected':
      return 'was refused (Rejected)';
    default:
      return `was refused (${status})`;
  }
}

/** That somebody wants it otherwise, and will have it so. */
function warning(desired: ReadonlyMap<string, DesiredKey>, key: string, value: string): string {
  const wanted = desired.get(foldKeyName(key));
  if (wanted === undefined || isSameValue(key, wanted.value, value)) return '';
  const who = wanted.source === 'station' ? 'config apply' : `the template for ${wanted.source}`;
  return ` (${who} wants ${wanted.value}, and will set it so when the station connects)`;
}

function toView({ key, value, readOnly, reportedAt }: ReportedKey): KeyView {
  const { type = null, unit = null, meaning = null } = standardKey(key) ?? {};
  return { key, value, readOnly, type, unit, meaning, reportedAt: toIso(reportedAt) };
}

function unknownKeys(stationId: string, keys: readonly string[]): FleetError {
  const near = keys.map((key) => nearest(key, standardKeyNames)).find((key) => key !== undefined);
  const names = keys.map((key) => JSON.stringify(key)).join(', ');
  return new FleetError('NOT_FOUND', `Station ${stationId} has no key ${names}.`, {
    suggestions: [
      ...(near === undefined ? [] : [`Did you mean ${near}?`]),
      `evfleet config get ${quoteForShell(stationId)}`,
    ],
  });
}

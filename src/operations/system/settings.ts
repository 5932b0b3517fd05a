import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import {
  canonicalValue,
  describeSetting,
  type SettingKey,
  settingKeys,
  toSettingKey,
} from '../../domain/settings.js';
import { admins, fleetStaff } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { unary } from '../operation.js';
import { oneOf } from '../shared.js';

const settingView = Type.Object({
  key: Type.String(),
  /** As it would be typed; empty when there is none. */
  value: Type.String(),
  origin: oneOf('default', 'store'),
  default: Type.String(),
  description: Type.String(),
});
export type SettingView = Static<typeof settingView>;

const assignments = Type.Array(
  Type.Object({
    key: Type.String(),
    /** Empty: back to the default. */
    value: Type.String({ maxLength: 4096 }),
  }),
  { minItems: 1, maxItems: 100 },
);

/** Checks all of them before any is made. */
function parse(given: Static<typeof assignments>): Map<SettingKey, string> {
  const values = new Map<SettingKey, string>();
  for (const { key: typed, value } of given) {
    const key = toSettingKey(typed);
    if (values.has(key)) throw new FleetError('USAGE', `${key} is given more than once.`);
    values.set(key, value.trim() === '' ? '' : canonicalValue(key, value));
  }
  return values;
}

export const settingsOperations = {
  'settings.show': unary({
    summary: 'List settings, or one of them',
    access: fleetStaff,
    effect: 'read',
    input: Type.Object({ key: Type.Optional(Type.String()), ...listQuery }),
    output: listOf(settingView),
    run({ store }, { key, ...query }) {
      const keys = key === undefined ? settingKeys : [toSettingKey(key)];
      return store.read(async (r) => {
        const stored = await r.settings.list();
        const views: SettingView[] = keys.map((known) => describeSetting(known, stored));
        return applyListQuery(views, query, fieldsOf(settingView));
      });
    },
  }),

  'settings.set': unary({
    summary: 'Change settings, all of them or none',
    access: admins,
    effect: 'change',
    input: Type.Object({ settings: assignments }),
    output: Type.Array(settingView),
    run({ store, clock }, { settings }) {
      const values = parse(settings);
      return store.write(async (r) => {
        for (const [key, value] of values) {
          if (value === '') await r.settings.remove(key);
          else await r.settings.set(key, value, clock.now());
        }
        const stored = await r.settings.list();
        return [...values.keys()].map((key) => describeSetting(key, stored));
      });
    },
  }),
};

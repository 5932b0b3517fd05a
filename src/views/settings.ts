import { mask } from '../domain/secret-names.js';
import type { SettingView } from '../operations/system/settings.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';

export const settingList: ListView<SettingView> = {
  columns: {
    key: { title: 'SETTING' },
    value: { title: 'VALUE' },
    origin: { title: 'FROM' },
    default: { title: 'DEFAULT' },
    description: { title: 'DESCRIPTION' },
  },
  defaults: ['key', 'value', 'description'],
  id: ({ key }) => key,
};

export const settingListWithOrigin: ListView<SettingView> = {
  ...settingList,
  defaults: ['key', 'value', 'origin', 'default', 'description'],
};

export const settingRecord: RecordView<SettingView> = { fields: settingList.columns };

/** What a change came to, for stderr. */
export function settingLine({ key, value, origin }: SettingView): string {
  if (origin === 'store') return value === mask ? `${key} is set.` : `${key} is ${value} now.`;
  return value === '' ? `${key} has no value any more.` : `${key} is ${value} again, the default.`;
}

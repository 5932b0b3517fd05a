import type { SettingView } from '../operations/settings.js';
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
  const shown = value === '' ? 'without a value' : value;
  return origin === 'default' ? `${key} is ${shown} again, the default.` : `${key} is ${shown} now.`;
}

import type { GroupDetail, GroupView } from '../operations/topology/group.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';

export const groupList: ListView<GroupView> = {
  columns: {
    name: { title: 'NAME' },
    uuid: { title: 'UUID' },
    stations: { title: 'STATIONS', align: 'right' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  defaults: ['name', 'stations', 'createdAt'],
  id: ({ name }) => name,
  empty: 'There are no groups yet. Create one: evfleet group create depot',
};

export const groupRecord: RecordView<GroupDetail> = {
  fields: {
    name: { title: 'NAME' },
    uuid: { title: 'UUID' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
    stations: { title: 'STATIONS', show: (value) => value.join(', ') },
  },
};

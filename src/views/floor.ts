import type { FloorView } from '../operations/topology/floor.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';

export const floorList: ListView<FloorView> = {
  columns: {
    name: { title: 'NAME' },
    uuid: { title: 'UUID' },
    site: { title: 'SITE' },
    level: { title: 'LEVEL', align: 'right' },
    stations: { title: 'STATIONS', align: 'right' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  defaults: ['site', 'name', 'level', 'stations'],
  id: ({ name }) => name,
  empty: 'There are no floors yet. Create one: evfleet floor create P1 --site Solna',
};

export const floorRecord: RecordView<FloorView> = { fields: floorList.columns };

import type { SiteView } from '../operations/topology/site.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';

export const siteList: ListView<SiteView> = {
  columns: {
    name: { title: 'NAME' },
    uuid: { title: 'UUID' },
    address: { title: 'ADDRESS' },
    lat: { title: 'LAT', align: 'right' },
    lon: { title: 'LON', align: 'right' },
    floors: { title: 'FLOORS', align: 'right' },
    stations: { title: 'STATIONS', align: 'right' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  defaults: ['name', 'address', 'floors', 'stations'],
  id: ({ name }) => name,
  empty: 'There are no sites yet. Create one: evfleet site create Solna',
};

export const siteRecord: RecordView<SiteView> = { fields: siteList.columns };

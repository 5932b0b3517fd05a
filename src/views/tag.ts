import type { TagView, UnknownTagView } from '../operations/tag.js';
import { instant, relative } from './format.js';
import type { RecordView } from './record.js';
import { state } from './states.js';
import type { ListView } from './table.js';

export const tagList: ListView<TagView> = {
  columns: {
    tag: { title: 'TAG' },
    status: { title: 'STATUS', show: (value, _row, terminal) => state(value, terminal) },
    label: { title: 'LABEL' },
    expires: { title: 'EXPIRES', show: (value, _row, terminal) => instant(value, terminal) },
    parent: { title: 'PARENT' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  defaults: ['tag', 'status', 'label', 'expires', 'parent'],
  id: ({ tag }) => tag,
  empty: 'There are no tags yet. Create one: evfleet tag create 04A2B3C4',
};

export const tagRecord: RecordView<TagView> = { fields: tagList.columns };

export const unknownTagList: ListView<UnknownTagView> = {
  columns: {
    tag: { title: 'TAG' },
    stationId: { title: 'STATION' },
    firstSeen: { title: 'FIRST SEEN', show: (value, _row, terminal) => instant(value, terminal) },
    lastSeen: { title: 'LAST SEEN', show: (value, _row, terminal) => relative(value, terminal) },
    attempts: { title: 'ATTEMPTS', align: 'right' },
  },
  defaults: ['tag', 'stationId', 'lastSeen', 'attempts'],
  id: ({ tag }) => tag,
  empty: 'No station has been told to refuse an unknown tag.',
};

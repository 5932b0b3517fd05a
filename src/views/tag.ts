import { numbersOfTag } from '../domain/charging/tag-number.js';
import { quoteForShell } from '../domain/shell.js';
import type { TagView, UnknownTagView } from '../operations/people/tag-view.js';
import { instant, relative } from './format.js';
import type { RecordView } from './record.js';
import { state } from './states.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

export const tagList: ListView<TagView> = {
  columns: {
    tag: { title: 'TAG' },
    status: { title: 'STATUS', show: (value, _row, terminal) => state(value, terminal) },
    label: { title: 'LABEL' },
    expires: { title: 'EXPIRES', show: (value, _row, terminal) => instant(value, terminal) },
    parent: { title: 'PARENT' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
    user: { title: 'USER' },
    maxActive: { title: 'MAX ACTIVE', align: 'right' },
    sites: { title: 'SITES' },
    groups: { title: 'GROUPS' },
  },
  defaults: ['tag', 'status', 'user', 'label', 'expires', 'parent'],
  whereRoom: ['sites', 'groups', 'maxActive'],
  id: ({ tag }) => tag,
  empty: 'There are no tags. Create one: evfleet tag create 04A2B3C4',
};

export const tagRecord: RecordView<TagView> = {
  fields: {
    ...tagList.columns,
    tag: { title: 'TAG', show: (tag, _item, terminal) => withNumbers(tag, terminal) },
  },
};

/** With the numbers that may be printed on the card. */
function withNumbers(tag: string, { paint }: Terminal): string {
  const numbers = numbersOfTag(tag);
  if (!numbers) return tag;
  return `${tag}  ${paint.dim(`decimal ${numbers.msb}, with --byte-order lsb ${numbers.lsb}`)}`;
}

/** That UIDs were not taken as they stand in the file. */
export function plainedLine(first: string, count: number): string {
  const are = count === 1 ? '1 UID is' : `${count.toLocaleString('en')} UIDs are`;
  return `Note: ${are} taken without what separates the pairs, such as ${first}, as readers send them; --as-written keeps them as they are.`;
}

/** What becomes of tags whose parent is no tag any more. */
export function stillParentLine(tag: string, parentOf: number): string {
  const them = parentOf === 1 ? '1 tag still names' : `${parentOf.toLocaleString('en')} tags still name`;
  return `${them} it as parent, and may stop each other's sessions as before: evfleet tag list --filter parent=${quoteForShell(tag)}`;
}

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

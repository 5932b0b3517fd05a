import { describeSchedule } from '../domain/charging/charging-words.js';
import type { ProfileView } from '../operations/charging/profile.js';
import { instant, nothing, text } from './format.js';
import type { ListView } from './table.js';

/** Names and order are a contract (operations/charging/profile.ts). */
export const profileList: ListView<ProfileView> = {
  columns: {
    stationId: { title: 'STATION' },
    connector: {
      title: 'CONN',
      align: 'right',
      show: (value) => (value === 0 ? 'all' : String(value)),
    },
    profileId: { title: 'ID', align: 'right' },
    purpose: { title: 'PURPOSE' },
    stackLevel: { title: 'LEVEL', align: 'right' },
    kind: { title: 'KIND' },
    recurrency: { title: 'EVERY', show: (value, _row, terminal) => text(value, terminal) },
    schedule: {
      title: 'LIMIT',
      show: (value, { recurrency }) =>
        describeSchedule(value as unknown as Parameters<typeof describeSchedule>[0], recurrency),
    },
    transactionId: { title: 'SESSION', align: 'right' },
    validFrom: { title: 'VALID FROM', show: (value, _row, terminal) => instant(value, terminal) },
    validTo: {
      title: 'VALID TO',
      show: (value, _row, terminal) => (value === null ? nothing(terminal) : instant(value, terminal)),
    },
    state: {
      title: 'STATE',
      show: (value, _row, { paint }) => (value === 'accepted' ? value : paint.yellow(value)),
    },
    sentAt: { title: 'SENT', show: (value, _row, terminal) => instant(value, terminal) },
  },
  // What fits into 80 columns.
  defaults: ['stationId', 'connector', 'profileId', 'purpose', 'stackLevel', 'schedule', 'state'],
  id: ({ stationId, profileId }) => `${stationId}:${profileId}`,
  empty: 'No charging profiles: evfleet profile set installs one.',
};

import type { UserDetail, UserView } from '../operations/people/user-view.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';
import { state } from './states.js';
import type { ListView } from './table.js';

export const userList: ListView<UserView> = {
  columns: {
    email: { title: 'EMAIL' },
    uuid: { title: 'UUID' },
    firstName: { title: 'FIRST NAME' },
    lastName: { title: 'LAST NAME' },
    role: { title: 'ROLE' },
    sites: { title: 'SITES' },
    status: { title: 'STATUS', show: (value, _row, terminal) => state(value, terminal) },
    hasPassword: { title: 'PASSWORD' },
    emailAtAlarm: { title: 'DAILY MAIL' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  defaults: ['email', 'firstName', 'lastName', 'role', 'sites', 'status'],
  id: ({ email }) => email,
  empty: 'There are no users. Create one: evfleet user create ada@example.org --role driver',
};

export const userRecord: RecordView<UserDetail> = {
  fields: { ...userList.columns, tags: { title: 'TAGS' } },
};

/** What an update came to, for stderr. */
export function updatedUserLine(email: string, loginsEnded: number): string {
  return `Updated user ${email}.${loginsEndedWords(loginsEnded)}`;
}

/** What a change of one's own password came to, for stderr. */
export function changedPasswordLine(email: string, loginsEnded: number): string {
  return `Changed the password of ${email}.${loginsEndedWords(loginsEnded)}`;
}

function loginsEndedWords(loginsEnded: number): string {
  if (loginsEnded === 0) return '';
  const keys = loginsEnded === 1 ? 'key of a login is' : `${loginsEnded} keys of logins are`;
  return ` The ${keys} revoked: who was logged in has to do it again.`;
}

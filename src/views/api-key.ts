import { quoteForShell } from '../domain/shell.js';
import type { ApiKeyView, CreatedApiKey } from '../operations/people/api-key.js';
import { instant, relative } from './format.js';
import { state } from './states.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

export const apiKeyList: ListView<ApiKeyView> = {
  columns: {
    id: { title: 'ID' },
    user: { title: 'USER' },
    role: { title: 'ROLE' },
    label: { title: 'LABEL' },
    readOnly: { title: 'READ-ONLY' },
    origin: { title: 'ORIGIN' },
    status: { title: 'STATUS', show: (value, _row, terminal) => state(value, terminal) },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
    expires: { title: 'EXPIRES', show: (value, _row, terminal) => instant(value, terminal) },
    lastUsed: { title: 'LAST USED', show: (value, _row, terminal) => relative(value, terminal) },
  },
  defaults: ['id', 'user', 'label', 'status', 'expires', 'lastUsed'],
  whereRoom: ['role', 'readOnly', 'origin'],
  id: ({ id }) => id,
  empty: 'There are no API keys. Create one: evfleet api-key create --user ada@example.org',
};

/** What is said beside a new key, which goes to stdout alone or into a file. */
export function createdKeyLines(
  { id, user, role, readOnly, expires, file }: Omit<CreatedApiKey, 'key'> & { readonly file?: string },
  terminal: Terminal,
): string[] {
  const what = readOnly ? `may look at what ${user} (${role}) may` : `may do what ${user} (${role}) may`;
  const until = expires === null ? 'until it is revoked' : `until ${instant(expires, terminal)}`;
  return [
    `Created API key ${id}: it ${what}, ${until}.`,
    file === undefined
      ? 'It is shown this once. Keep it where only its user can read it; evfleet takes it from EVFLEET_API_KEY.'
      : `It is in ${file}, which only you can read, and nowhere else: --api-key-file ${quoteForShell(file)}`,
  ];
}

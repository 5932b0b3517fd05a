import type { OutboxView } from '../operations/alarm/outbox.js';
import { instant } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);

/** Names and order are a contract (operations/alarm/outbox.ts). */
export const outboxList: ListView<OutboxView> = {
  columns: {
    id: { title: 'ID', align: 'right' },
    channel: { title: 'BY' },
    recipient: { title: 'TO' },
    kind: { title: 'KIND' },
    subject: { title: 'SUBJECT' },
    state: {
      title: 'STATE',
      show(value, { attempts }, { paint }) {
        if (value === 'dead') return paint.red(value);
        if (value === 'sent') return paint.green(value);
        return value === 'pending' && attempts > 0 ? paint.yellow(value) : value;
      },
    },
    attempts: { title: 'TRIES', align: 'right' },
    createdAt: { title: 'CREATED', show: time },
    nextAttemptAt: { title: 'NEXT TRY', show: time },
    endedAt: { title: 'ENDED', show: time },
    lastError: { title: 'WHY NOT' },
    messageId: { title: 'MESSAGE ID' },
  },
  defaults: ['id', 'recipient', 'state', 'subject'],
  whereRoom: ['createdAt', 'attempts', 'nextAttemptAt', 'lastError'],
  id: ({ id }) => String(id),
  empty: 'No messages match.',
};

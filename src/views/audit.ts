import type { AuditView } from '../operations/record/audit.js';
import { instant, text } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** Where a terminal is no wider than that, the day and the minute have to do, and the name without its domain. */
const narrow = 100;

function isNarrow({ isTTY, columns }: Terminal): boolean {
  return isTTY && columns <= narrow;
}

/** Names and order are a contract (operations/record/audit.ts). */
export const auditList: ListView<AuditView> = {
  columns: {
    time: {
      title: 'TIME',
      show(value, _row, terminal) {
        const shown = instant(value, terminal);
        return isNarrow(terminal) ? shown.replace(/:\d\d(Z?)$/, '$1') : shown;
      },
    },
    actor: {
      title: 'ACTOR',
      show: (value, _row, terminal) =>
        text(isNarrow(terminal) ? value.replace(/@.+$/, '@…') : value, terminal),
    },
    role: { title: 'ROLE' },
    way: { title: 'WAY' },
    address: { title: 'FROM' },
    keyId: { title: 'KEY' },
    operation: { title: 'OPERATION' },
    kind: { title: 'KIND' },
    target: { title: 'TARGET' },
    change: { title: 'CHANGE' },
    before: { title: 'BEFORE' },
    after: { title: 'AFTER' },
    input: { title: 'INPUT' },
    outcome: {
      title: 'OUTCOME',
      show: (value, _row, terminal) =>
        value === 'ok' ? terminal.paint.green('ok') : terminal.paint.yellow(text(value, terminal)),
    },
  },
  defaults: ['time', 'actor', 'operation', 'target', 'change', 'outcome'],
  whereRoom: ['role', 'way', 'address'],
  id: ({ target, operation }) => target ?? operation,
  empty: 'Nothing matches. What people and scripts change is recorded from now on.',
};

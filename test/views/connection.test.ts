import { Ansis } from 'ansis';
import { expect, it } from 'vitest';
import type { ConnectionView } from '../../src/operations/record/connection.js';
import { connectionList } from '../../src/views/connection.js';
import { renderList } from '../../src/views/table.js';

const terminal = { isTTY: true, columns: 80, isUnicode: true, paint: new Ansis(0), utc: true, now: () => 0 };

const open: ConnectionView = {
  stationId: 'CP001',
  openedAt: '2026-05-04T10:00:00.000Z',
  closedAt: null,
  code: null,
  initiator: null,
  reason: null,
  description: null,
  duration: 12,
  address: null,
  protocol: 'ocpp1.6',
};

it('says once that a connection is open', async () => {
  const options = { format: 'table', header: true } as const;
  const { text } = await renderList([open], 1, connectionList, options, terminal);
  expect(text).toMatch(/^CP001 +2026-05-04 10:00:00Z +12s +- +- +open( +-)*$/m);
});

import { expect, it } from 'vitest';
import { toSessionView } from '../../src/operations/charging/session-view.js';
import { remoteStopped } from '../../src/views/remote.js';
import { sampleSession } from '../helpers/sample-session.js';

it('a session that was stopped keeps the unit of its energy for a person and in a pipe', () => {
  const session = toSessionView(sampleSession(7), Date.UTC(2026, 4, 2));
  const said = remoteStopped({ stationId: 'CP1', transactionId: 7, status: 'Accepted', session });
  expect(said).toBe('Session 7 has ended at CP1: 10.000 kWh, Local.\n');
});

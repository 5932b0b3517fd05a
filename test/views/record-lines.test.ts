import { expect, it } from 'vitest';
import { connectionList } from '../../src/views/connection.js';
import { eventList } from '../../src/views/event.js';
import { faultList } from '../../src/views/fault.js';
import { createTerminal } from '../../src/views/terminal.js';

const terminal = createTerminal({
  stdout: { isTTY: true, columns: 80 },
  env: { NO_COLOR: '1' },
  flags: { utc: true },
});

const stay = {
  stationId: 'CP001',
  openedAt: '2026-05-04T10:00:00.000Z',
  closedAt: '2026-05-04T10:00:21.000Z',
  code: '1008',
  initiator: 'server',
  reason: 'replaced by a newer connection',
  description: 'policy violation',
  duration: 21,
  address: '10.0.0.7',
  protocol: 'ocpp1.6',
} as const;

const fault = {
  since: '2026-05-04T10:00:00.000Z',
  until: null,
  duration: 21,
  stationId: 'CP001',
  connector: 1,
  errorCode: 'GroundFailure',
  vendorErrorCode: 'E7',
  vendorId: null,
  info: null,
  status: 'Faulted',
  maintenance: false,
} as const;

it('lines of --follow stand below each other, whichever list they are of', () => {
  const open = { ...stay, closedAt: null, code: null, initiator: null, reason: null, description: null };
  const lines = [
    connectionList.line(open, terminal),
    connectionList.line(stay, terminal),
    connectionList.line(
      { ...stay, code: '1006', initiator: 'lost', reason: null, description: 'abnormal close' },
      terminal,
    ),
    faultList.line(fault, terminal),
    faultList.line({ ...fault, until: '2026-05-04T10:00:21.000Z' }, terminal),
    eventList.line(
      {
        time: '2026-05-04T10:00:00.000Z',
        stationId: 'CP001',
        connector: 1,
        kind: 'session.started',
        description: 'session 1 started',
        detail: {},
        receivedAt: '2026-05-04T10:00:00.000Z',
      },
      terminal,
    ),
  ];
  expect(lines).toEqual([
    '2026-05-04 10:00:00Z  CP001         connected from 10.0.0.7',
    '2026-05-04 10:00:21Z  CP001         ended after 21s: 1008 server, replaced by a newer connection',
    '2026-05-04 10:00:21Z  CP001         ended after 21s: 1006 lost, abnormal close',
    '2026-05-04 10:00:00Z  CP001:1       GroundFailure, E7',
    '2026-05-04 10:00:21Z  CP001:1       over after 21s: GroundFailure, E7',
    '2026-05-04 10:00:00Z  CP001:1       session 1 started',
  ]);
});

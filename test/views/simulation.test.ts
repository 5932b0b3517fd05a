import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { renderProgress } from '../../src/views/simulation.js';
import { createTerminal } from '../../src/views/terminal.js';

it('says of a running simulation what keeps stations from charging', () => {
  const now = {
    elapsedMs: 4000,
    stations: 2,
    connected: 2,
    accepted: 1,
    charging: 0,
    sessionsStarted: 0,
    sessionsEnded: 0,
    sessionsRefused: 0,
    energyKwh: 0,
    messagesSent: 1,
    errors: {},
    unreachable: [{ reason: 'Pending', description: 'not accepted yet', stations: 1, examples: ['SIM-001'] }],
  };
  const line = renderProgress(now, createTerminal({ stdout: { isTTY: true }, env: {} }));
  expect(stripVTControlCharacters(line)).toBe(
    '4s · 1/2 stations · 1 × Pending · 0 charging · 0 started · 0 ended · 0.0 kWh · 1 message',
  );
});

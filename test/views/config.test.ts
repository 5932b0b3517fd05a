import { describe, expect, it } from 'vitest';
import type { DesiredView } from '../../src/operations/station/config-template.js';
import { differences } from '../../src/views/config.js';
import { createTerminal } from '../../src/views/terminal.js';

function terminal(isTTY: boolean) {
  return createTerminal({ stdout: { isTTY, columns: 80 }, env: { NO_COLOR: '1' }, flags: { utc: true } });
}

function row(stationId: string, reported: string | null, key = 'HeartbeatInterval'): DesiredView {
  const reportedAt = reported === null ? null : '2026-11-20T10:00:00.000Z';
  return { stationId, key, desired: '300', reported, state: 'pending', source: 'all', reportedAt };
}

describe('differences', () => {
  const rows = [
    ...['CP1', 'CP2', 'CP3', 'CP4'].flatMap((id) => [row(id, '60'), row(id, '10', 'B')]),
    row('CP5', '900'),
  ];

  it('of stations that differ in the same way stand together', () => {
    expect(differences(rows, terminal(true)).split('\n')).toEqual([
      '--- CP1, CP2, CP3 and 1 more reported',
      '+++ CP1, CP2, CP3 and 1 more desired',
      '-HeartbeatInterval: 60',
      '+HeartbeatInterval: 300',
      '-B: 10',
      '+B: 300',
      '--- CP5 reported 2026-11-20 10:00:00Z',
      '+++ CP5 desired',
      '-HeartbeatInterval: 900',
      '+HeartbeatInterval: 300',
      '',
    ]);
  });

  it('have each station by itself for a program', () => {
    const text = differences([row('CP1', null), row('CP2', null)], terminal(false));
    expect(text).toBe(
      ['CP1', 'CP2']
        .map((id) => `--- ${id} reported\n+++ ${id} desired\n+HeartbeatInterval: 300  # not reported\n`)
        .join(''),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { connectorState, type State, stationState } from '../../../src/domain/station/states.js';

const idle = { online: true, charging: false };

describe('connectorState', () => {
  it.each([
    ['Available', 'available'],
    ['Preparing', 'occupied'],
    ['Charging', 'charging'],
    ['SuspendedEV', 'suspended'],
    ['SuspendedEVSE', 'suspended'],
    ['Finishing', 'occupied'],
    ['Reserved', 'reserved'],
    ['Unavailable', 'unavailable'],
    ['Faulted', 'faulted'],
    ['SomethingNew', 'unavailable'],
    ['constructor', 'unavailable'],
    [null, 'new'],
  ])('%s is %s', (status, state) => {
    expect(connectorState(status, idle)).toBe(state);
    expect(connectorState(status, { online: false, charging: true })).toBe('offline');
  });

  it.each([
    [null, 'charging'],
    ['Available', 'charging'],
    ['Preparing', 'charging'],
    ['SuspendedEV', 'suspended'],
    ['Faulted', 'faulted'],
    ['Unavailable', 'unavailable'],
  ])('%s while a session runs is %s', (status, state) => {
    expect(connectorState(status, { online: true, charging: true })).toBe(state);
  });
});

describe('stationState', () => {
  const stateOf = (connectors: State[], status: string | null = null) =>
    stationState({ online: true, lastSeenAt: 1, connectors, status });

  it.each<[State[], State]>([
    [['available', 'faulted', 'charging'], 'faulted'],
    [['available', 'charging', 'suspended'], 'charging'],
    [['available', 'suspended'], 'suspended'],
    [['reserved', 'occupied'], 'occupied'],
    [['available', 'reserved'], 'reserved'],
    [['unavailable', 'available'], 'available'],
    [['unavailable', 'unavailable'], 'unavailable'],
    [['available', 'new'], 'available'],
  ])('%j makes %s', (connectors, state) => {
    expect(stateOf(connectors)).toBe(state);
  });

  it('takes what connector 0 says when it concerns the whole station', () => {
    expect(stateOf(['charging'], 'Faulted')).toBe('faulted');
    expect(stateOf(['available'], 'Unavailable')).toBe('unavailable');
    expect(stateOf(['charging', 'available'], 'Unavailable')).toBe('charging');
    expect(stateOf(['charging'], 'Available')).toBe('charging');
  });

  it('is offline whatever was reported before', () => {
    const state = stationState({ online: false, lastSeenAt: 1, connectors: ['offline'], status: 'Faulted' });
    expect(state).toBe('offline');
  });

  it('is new before its first connection', () => {
    expect(stationState({ online: false, lastSeenAt: null, connectors: [], status: null })).toBe('new');
  });
});

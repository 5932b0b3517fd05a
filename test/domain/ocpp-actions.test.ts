import { expect, it } from 'vitest';
import { actionNames, centralActions, stationActions } from '../../src/domain/ocpp-actions.js';
import { type ActionName16, actions16 } from '../../src/ocpp/v16/actions.js';

function begunBy(...senders: readonly string[]): string[] {
  const names = Object.keys(actions16) as ActionName16[];
  return names.filter((name) => senders.includes(actions16[name].sender)).sort();
}

it('the messages that people may name are those of the protocol', () => {
  expect(stationActions).toEqual(begunBy('station', 'both'));
  expect(centralActions).toEqual(begunBy('central', 'both'));
  expect(actionNames).toEqual(Object.keys(actions16).sort());
});

import { expect, it } from 'vitest';
import { describeChange } from '../../../src/domain/people/audit-words.js';

type Change = Parameters<typeof describeChange>[0];

const nothing: Change = { target: 'Solna', before: null, after: null, input: null };

it.each<[string, Partial<Change>]>([
  ['name: Solna → Kista', { before: { name: 'Solna' }, after: { name: 'Kista' } }],
  [
    'address: none → Storgatan 1; lat: 59.4 → none',
    {
      before: { address: null, lat: 59.4 },
      after: { address: 'Storgatan 1', lat: null },
    },
  ],
  [
    'address: Storgatan 1; expectsPong: false',
    {
      after: { name: 'Solna', address: 'Storgatan 1', expectsPong: false },
    },
  ],
  ['address: Storgatan 1', { before: { name: 'Solna', address: 'Storgatan 1' } }],
  ['sites: Kista, Solna → none', { before: { sites: ['Kista', 'Solna'] }, after: { sites: [] } }],
  ['removed: CP2; added: CP1', { before: { removed: ['CP2'] }, after: { added: ['CP1'] } }],
  ['password: *** → ***', { before: { password: '***' }, after: { password: '***' } }],
  ['kind: hard', { input: { targets: { all: true }, kind: 'hard' } }],
  ['kind: hard; ok: 410; failed: 2', { input: { kind: 'hard' }, after: { ok: 410, failed: 2 } }],
  [
    'values: HeartbeatInterval=300, AuthorizationKey=***',
    {
      input: {
        stationId: 'CP1',
        values: [
          { key: 'HeartbeatInterval', value: '300' },
          { key: 'AuthorizationKey', value: '***', secret: true },
        ],
        force: false,
      },
    },
  ],
  ['profile: {"stackLevel":0}', { input: { profile: { stackLevel: 0 } } }],
  ['', { input: { name: 'Solna' } }],
  ['', {}],
])('says %j', (words, change) => {
  expect(describeChange({ ...nothing, ...change })).toBe(words);
});

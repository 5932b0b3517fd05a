import type { Input } from '../../src/operations/fleet.js';
import { LocalList, type LocalListUpdate } from '../../src/simulator/charging/local-list.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import type { TestServer } from '../helpers/test-server.js';

export interface Limits {
  readonly perMessage?: number;
  readonly inAll?: number;
}

/** Lets a station have a list, and gives it. */
export function withLocalList(
  station: ScriptedStation,
  { perMessage = 100, inAll = 1000 }: Limits = {},
  list = new LocalList(),
): LocalList {
  const configurationKey = [
    { key: 'SendLocalListMaxLength', readonly: true, value: String(perMessage) },
    { key: 'LocalAuthListMaxLength', readonly: true, value: String(inAll) },
    { key: 'LocalAuthListEnabled', readonly: false, value: 'true' },
  ];
  station
    .on('GetConfiguration', () => ({ configurationKey }))
    .on('GetLocalListVersion', () => ({ listVersion: list.version }))
    .on('SendLocalList', (payload) => {
      const bounds = { maxPerMessage: perMessage, maxEntries: inAll };
      return { status: list.update(payload as unknown as LocalListUpdate, bounds) };
    });
  return list;
}

/** What became of a push to CP1. */
export async function push({ fleet }: TestServer, change: Partial<Input<'local-list.push'>> = {}) {
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000, ...change };
  for await (const outcome of fleet.stream('local-list.push', input)) return outcome;
  throw new Error('nothing became of it');
}

/** The lists that a station was sent: kind, version and tags. */
export function sentTo(station: ScriptedStation): [unknown, unknown, string[]][] {
  return station.calls
    .filter(({ action }) => action === 'SendLocalList')
    .map(({ payload }) => {
      const list = (payload.localAuthorizationList ?? []) as { idTag: string; idTagInfo?: object }[];
      const tags = list.map(({ idTag, idTagInfo }) => (idTagInfo ? idTag : `-${idTag}`));
      return [payload.updateType, payload.listVersion, tags];
    });
}

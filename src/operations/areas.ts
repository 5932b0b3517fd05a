import type { operations } from './registry.js';

type Name = keyof typeof operations;
type Noun = Name extends `${infer N}.${string}` ? N : never;
type Area = Readonly<Record<string, unknown>>;

const alarm = async () => (await import('./alarm/alarm-area.js')).alarmArea;
const certificate = async () => (await import('./certificate/certificate-area.js')).certificateArea;
const charging = async () => (await import('./charging/charging-area.js')).chargingArea;
const imports = async () => (await import('./import/import-area.js')).importArea;
// Knows a little of each.
const names = async () => (await import('./name.js')).nameOperations;
const people = async () => (await import('./people/people-area.js')).peopleArea;
const record = async () => (await import('./record/record-area.js')).recordArea;
const remote = async () => (await import('./remote/remote-area.js')).remoteArea;
const station = async () => (await import('./station/station-area.js')).stationArea;
const system = async () => (await import('./system/system-area.js')).systemArea;
const topology = async () => (await import('./topology/topology-area.js')).topologyArea;

/** In which area the operations of a noun are: a command without a server loads no other. A new noun is added here. */
const areas: { readonly [N in Noun]: () => Promise<Area> } = {
  alarm,
  'alarm-rule': alarm,
  'api-key': people,
  audit: record,
  auth: people,
  certificate,
  config: station,
  connection: record,
  connector: topology,
  diagnostics: station,
  event: record,
  fault: record,
  firmware: station,
  fleet: topology,
  floor: topology,
  group: topology,
  'local-list': charging,
  mail: alarm,
  maintenance: alarm,
  message: record,
  name: names,
  outbox: alarm,
  profile: charging,
  remote,
  reservation: charging,
  server: system,
  session: charging,
  settings: system,
  site: topology,
  'site-import': imports,
  station: topology,
  'station-import': imports,
  store: system,
  tag: people,
  'tag-import': imports,
  user: people,
};

/** The operation of this name, and whatever is loaded with it, by name. */
export function areaOf(name: Name): Promise<Area> {
  const [noun] = name.split('.') as [Noun];
  return areas[noun]();
}

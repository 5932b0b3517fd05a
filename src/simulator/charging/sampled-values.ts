import type { Reading } from './meter.js';
import { type Limit, offeredPowerW } from './outlet.js';

/** OCPP 1.6 `ReadingContext`, as far as this station takes readings. */
export type SampleContext =
  | 'Transaction.Begin'
  | 'Sample.Periodic'
  | 'Sample.Clock'
  | 'Transaction.End'
  | 'Trigger';

/** One element of `sampledValue`. `type` and not `interface`: it has to fit an index signature of the schema. */
export type SampledValue = {
  value: string;
  context: SampleContext;
  format: 'Raw';
  measurand: Measurand;
  phase?: Phase;
  location: 'Outlet' | 'EV' | 'Body';
  unit: 'Wh' | 'W' | 'A' | 'V' | 'Percent' | 'Celsius';
};

type Phase = 'L1' | 'L2' | 'L3';

const PHASES: readonly Phase[] = ['L1', 'L2', 'L3'];

const MEASURANDS = [
  'Energy.Active.Import.Register',
  'Energy.Active.Import.Interval',
  'Power.Active.Import',
  'Power.Offered',
  'Current.Import',
  'Current.Offered',
  'Voltage',
  'SoC',
  'Temperature',
] as const;

export type Measurand = (typeof MEASURANDS)[number];

/** What is sampled: the meter, what the station offers, and the energy since the last sample of this kind. */
export interface Sample {
  readonly reading: Reading;
  readonly limit: Limit;
  readonly intervalWh: number;
}

interface Quantity {
  readonly value: string;
  readonly phase?: Phase;
}

interface Source {
  readonly unit: SampledValue['unit'];
  readonly location: SampledValue['location'];
  readonly quantities: (sample: Sample) => readonly Quantity[];
}

const SOURCES: Readonly<Record<Measurand, Source>> = {
  'Energy.Active.Import.Register': {
    unit: 'Wh',
    location: 'Outlet',
    quantities: ({ reading }) => [{ value: String(reading.energyWh) }],
  },
  'Energy.Active.Import.Interval': {
    unit: 'Wh',
    location: 'Outlet',
    quantities: ({ intervalWh }) => [{ value: String(Math.max(0, intervalWh)) }],
  },
  'Power.Active.Import': {
    unit: 'W',
    location: 'Outlet',
    quantities: ({ reading }) => [{ value: reading.powerW.toFixed(1) }],
  },
  'Power.Offered': {
    unit: 'W',
    location: 'Outlet',
    quantities: ({ reading, limit }) => [{ value: offeredPowerW(reading.outlet, limit).toFixed(0) }],
  },
  'Current.Import': {
    unit: 'A',
    location: 'Outlet',
    quantities: ({ reading }) => perPhase(reading, reading.currentsA, 2),
  },
  'Current.Offered': {
    unit: 'A',
    location: 'Outlet',
    quantities: ({ reading, limit }) =>
      reading.outlet.kind === 'dc'
        ? []
        : [{ value: Math.min(reading.outlet.currentA, limit.currentA).toFixed(1) }],
  },
  Voltage: {
    unit: 'V',
    location: 'Outlet',
    quantities: ({ reading }) => perPhase(reading, reading.voltagesV, 1),
  },
  SoC: {
    unit: 'Percent',
    location: 'EV',
    quantities: ({ reading }) =>
      reading.socPercent === undefined ? [] : [{ value: reading.socPercent.toFixed(0) }],
  },
  Temperature: {
    unit: 'Celsius',
    location: 'Body',
    quantities: ({ reading }) => [{ value: reading.temperatureC.toFixed(1) }],
  },
};

/** The measurand and phase of a configuration value such as `Voltage.L1`; undefined when not supported. */
export function parseMeasurand(item: string): { measurand: Measurand; phase?: Phase } | undefined {
  const [, name, suffix] = /^(.*?)(?:\.(L[123]))?$/.exec(item.trim()) ?? [];
  const measurand = MEASURANDS.find((known) => known === name);
  const phase = PHASES.find((known) => known === suffix);
  if (measurand === undefined) return undefined;
  return phase === undefined ? { measurand } : { measurand, phase };
}

/** The sampled values of a comma-separated list of measurands; unsupported or absent ones are left out. */
export function sampledValues(sample: Sample, list: string, context: SampleContext): SampledValue[] {
  return list.split(',').flatMap((item) => {
    const wanted = parseMeasurand(item);
    if (wanted === undefined) return [];
    const { unit, location, quantities } = SOURCES[wanted.measurand];
    return quantities(sample)
      .filter((quantity) => wanted.phase === undefined || quantity.phase === wanted.phase)
      .map((quantity) => ({
        ...quantity,
        context,
        format: 'Raw' as const,
        measurand: wanted.measurand,
        location,
        unit,
      }));
  });
}

function perPhase(reading: Reading, values: readonly number[], digits: number): Quantity[] {
  return values.flatMap((value, index) => {
    const phase = PHASES[index];
    if (reading.outlet.kind === 'dc' || phase === undefined) return [{ value: value.toFixed(digits) }];
    return [{ value: value.toFixed(digits), phase }];
  });
}

import type { ReceivedRequest16 } from '../../ocpp/v16/actions.js';
import { parseTime } from '../../ocpp/v16/time.js';
import type { Measurement } from '../rules/add-meter-samples.js';

type MeterValue = ReceivedRequest16<'MeterValues'>['meterValue'][number];
type SampledValue = MeterValue['sampledValue'][number];

const phases = new Set(['L1', 'L2', 'L3', 'L1-N', 'L2-N', 'L3-N']);

/** Beyond any meter, and small enough that no conversion or sum of such values overflows. */
const readingMax = 1e12;

/** Sums, means or maxima of one measurand over what was reported of it. */
interface Tally {
  /** The value for the whole outlet, when one without a phase was reported. */
  total: number | null;
  byPhase: number[];
  atOutlet: boolean;
}

/** Translates OCPP 1.6 meter values into the units of the domain. Values without a unit are Wh, W, A, V. */
export function toMeasurements(meterValues: readonly MeterValue[]): Measurement[] {
  return meterValues.filter(({ sampledValue }) => sampledValue.length > 0).map(toMeasurement);
}

function toMeasurement({ timestamp, sampledValue }: MeterValue): Measurement {
  const [energy, power, current, voltage] = [emptyTally(), emptyTally(), emptyTally(), emptyTally()];
  let soc: number | null = null;
  const other: SampledValue[] = [];
  for (const sample of sampledValue) {
    const value = Number(sample.value);
    const measured =
      sample.value.trim() !== '' && Math.abs(value) <= readingMax && sample.format !== 'SignedData';
    switch (measured ? (sample.measurand ?? 'Energy.Active.Import.Register') : 'unreadable') {
      case 'Energy.Active.Import.Register':
        add(energy, sample, inBaseUnit(value, sample.unit, 'kWh'));
        break;
      case 'Power.Active.Import':
        add(power, sample, inBaseUnit(value, sample.unit, 'kW'));
        break;
      case 'Current.Import':
        add(current, sample, value);
        break;
      case 'Voltage':
        add(voltage, sample, value);
        break;
      case 'SoC':
        soc = value;
        break;
      default:
        other.push(sample);
        continue;
    }
    if (sample.phase !== undefined) other.push(sample);
  }
  return {
    reportedAt: parseTime(timestamp),
    context: sampledValue[0]?.context ?? 'Sample.Periodic',
    energyWh: rounded(energy.total ?? sum(energy.byPhase)),
    powerW: power.total ?? sum(power.byPhase),
    currentA: current.total ?? (current.byPhase.length > 0 ? Math.max(...current.byPhase) : null),
    voltageV: voltage.total ?? mean(voltage.byPhase),
    soc,
    other:
      other.length > 0 ? other.map((sample) => toLine(sample, sampledValue[0]?.context)).join('\n') : null,
  };
}

/** What a value is in unless it says otherwise. */
const usualUnits: Readonly<Record<string, string>> = {
  'Current.Import': 'A',
  'Power.Active.Import': 'W',
  'Energy.Active.Import.Register': 'Wh',
  Voltage: 'V',
};

/** See `MeterSample.other`. A sample's usual context, location and format need not be written in every line. */
function toLine(sample: SampledValue, usualContext: string | undefined): string {
  const { value, measurand, unit, phase, location, context, format } = sample;
  const line = [
    measurand ?? 'Energy.Active.Import.Register',
    value,
    unit === usualUnits[measurand ?? ''] ? '' : unit,
    phase,
    location === 'Outlet' ? '' : location,
    context === usualContext ? '' : context,
    format === 'Raw' ? '' : format,
  ]
    .map((field) =>
      field === undefined || (!field.includes('\t') && !field.includes('\n'))
        ? field
        : field.replaceAll(/[\t\n]/g, ' '),
    )
    .join('\t');
  return line.trimEnd();
}

function emptyTally(): Tally {
  return { total: null, byPhase: [], atOutlet: false };
}

function add(tally: Tally, { phase, location }: SampledValue, value: number): void {
  // What flows in at the mains (Inlet) is not what the car got; without a location the outlet is meant.
  const atOutlet = location === undefined || location === 'Outlet';
  if (tally.atOutlet && !atOutlet) return;
  if (atOutlet && !tally.atOutlet) {
    tally.atOutlet = true;
    tally.total = null;
    tally.byPhase.length = 0;
  }
  if (phase === undefined) tally.total = value;
  else if (phases.has(phase)) tally.byPhase.push(value);
}

function inBaseUnit(value: number, unit: string | undefined, kilo: string): number {
  return unit === kilo ? value * 1000 : value;
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : (sum(values) ?? 0) / values.length;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

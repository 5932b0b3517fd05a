import type { ReceivedRequest16 } from '../../ocpp/v16/actions.js';
import { parseTime } from '../../ocpp/v16/time.js';
import type { Measurement } from '../rules/add-meter-samples.js';

type MeterValue = ReceivedRequest16<'MeterValues'>['meterValue'][number];
type SampledValue = MeterValue['sampledValue'][number];

const phases = new Set(['L1', 'L2', 'L3', 'L1-N', 'L2-N', 'L3-N']);

/** Beyond any meter, and small enough that no conversion or sum of such values overflows. */
const readingMax = 1e12;

/** What was reported of one measurand at one instant. On the hot path: numbers only, no lists. */
class Tally {
  /** The value for the whole outlet, when one without a phase was reported. */
  total: number | null = null;
  #phases = 0;
  #sum = 0;
  #max = 0;
  #isAtOutlet = false;

  add({ phase, location }: SampledValue, value: number): void {
    // What flows in at the mains (Inlet) is not what the car got; without a location the outlet is meant.
    const isAtOutlet = location === undefined || location === 'Outlet';
    if (this.#isAtOutlet && !isAtOutlet) return;
    if (isAtOutlet && !this.#isAtOutlet) {
      this.#isAtOutlet = true;
      this.total = null;
      this.#phases = 0;
    }
    if (phase === undefined) this.total = value;
    else if (phases.has(phase)) this.#addPhase(value);
  }

  get sum(): number | null {
    return this.total ?? (this.#phases === 0 ? null : this.#sum);
  }

  get max(): number | null {
    return this.total ?? (this.#phases === 0 ? null : this.#max);
  }

  get mean(): number | null {
    return this.total ?? (this.#phases === 0 ? null : this.#sum / this.#phases);
  }

  #addPhase(value: number): void {
    const isFirst = this.#phases === 0;
    this.#sum = isFirst ? value : this.#sum + value;
    this.#max = isFirst ? value : Math.max(this.#max, value);
    this.#phases += 1;
  }
}

/** Translates OCPP 1.6 meter values into the units of the domain. Values without a unit are Wh, W, A, V. */
export function toMeasurements(meterValues: readonly MeterValue[]): Measurement[] {
  const measurements: Measurement[] = [];
  for (const meterValue of meterValues) {
    if (meterValue.sampledValue.length > 0) measurements.push(toMeasurement(meterValue));
  }
  return measurements;
}

function toMeasurement({ timestamp, sampledValue }: MeterValue): Measurement {
  let energy: Tally | undefined;
  let power: Tally | undefined;
  let current: Tally | undefined;
  let voltage: Tally | undefined;
  let soc: number | null = null;
  let other: string | null = null;
  const usualContext = sampledValue[0]?.context;
  for (const sample of sampledValue) {
    const { unit, phase } = sample;
    const value = Number(sample.value);
    let isOther = phase !== undefined;
    switch (measurandOf(sample, value)) {
      case 'Energy.Active.Import.Register':
        energy ??= new Tally();
        energy.add(sample, unit === 'kWh' ? value * 1000 : value);
        break;
      case 'Power.Active.Import':
        power ??= new Tally();
        power.add(sample, unit === 'kW' ? value * 1000 : value);
        break;
      case 'Current.Import':
        current ??= new Tally();
        current.add(sample, value);
        break;
      case 'Voltage':
        voltage ??= new Tally();
        voltage.add(sample, value);
        break;
      case 'SoC':
        soc = value;
        break;
      default:
        isOther = true;
    }
    if (!isOther) continue;
    const line = toLine(sample, usualContext);
    other = other === null ? line : `${other}\n${line}`;
  }
  const energyWh = energy?.sum ?? null;
  return {
    reportedAt: parseTime(timestamp),
    context: usualContext ?? 'Sample.Periodic',
    energyWh: energyWh === null ? null : Math.round(energyWh),
    powerW: power?.sum ?? null,
    currentA: current?.max ?? null,
    voltageV: voltage?.mean ?? null,
    soc,
    other,
  };
}

/** What was measured; undefined when the value is no number that can be believed. */
function measurandOf({ value, measurand, format }: SampledValue, number: number): string | undefined {
  // No number has the reach, and an empty text is 0 for `Number` only.
  const isMeasured = Math.abs(number) <= readingMax && format !== 'SignedData' && value.trim() !== '';
  return isMeasured ? (measurand ?? 'Energy.Active.Import.Register') : undefined;
}

/** What a value is in unless it says otherwise. */
const usualUnits: Readonly<Record<string, string>> = {
  'Current.Import': 'A',
  'Power.Active.Import': 'W',
  'Energy.Active.Import.Register': 'Wh',
  Voltage: 'V',
};

/** Signed values have some thousand characters; no honest one has more. */
const textMaxLength = 16_000;

/** See `MeterSample.other`. A sample's usual context, location and format need not be written in every line. */
function toLine(sample: SampledValue, usualContext: string | undefined): string {
  const {
    value,
    measurand = 'Energy.Active.Import.Register',
    unit,
    phase,
    location,
    context,
    format,
  } = sample;
  const ownUnit = unit === usualUnits[measurand] ? '' : field(unit);
  const ownLocation = location === 'Outlet' ? '' : field(location);
  const ownContext = context === usualContext ? '' : field(context);
  const ownFormat = format === 'Raw' ? '' : field(format);
  const beginning = `${field(measurand)}\t${field(value)}\t${ownUnit}\t${field(phase)}`;
  const line = `${beginning}\t${ownLocation}\t${ownContext}\t${ownFormat}`;
  return line.trimEnd();
}

function field(text: string | undefined): string {
  if (text === undefined) return '';
  if (text.length > textMaxLength) return field(text.slice(0, textMaxLength));
  return text.includes('\t') || text.includes('\n') ? text.replaceAll(/[\t\n]/g, ' ') : text;
}

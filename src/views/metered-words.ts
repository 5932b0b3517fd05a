import { plural } from '../domain/plural.js';
import { Fields } from './message-fields.js';

interface Sample {
  readonly measurand: string;
  readonly phase: string | undefined;
  readonly unit: string | undefined;
  readonly value: number;
}

/** Meter values in words: the newest of them, `12.4 kWh, 7.4 kW`, and how many there are. */
export function metered(meterValues: readonly unknown[]): string {
  const samples = meterValues
    .flatMap((meterValue) => new Fields(meterValue).list('sampledValue'))
    .map(toSample)
    .filter((sample) => sample !== undefined);
  const shown = [
    energy(newest(samples, 'Energy.Active.Import.Register')),
    power(newest(samples, 'Power.Active.Import')),
    soc(newest(samples, 'SoC')),
  ].filter((part) => part !== undefined);
  if (shown.length === 0) return plural(samples.length, 'value');
  const instants = meterValues.length > 1 ? [`the last of ${meterValues.length}`] : [];
  return [...shown, ...instants].join(', ');
}

/** Signed data and other texts are no numbers and are not shown. */
function toSample(item: unknown): Sample | undefined {
  const fields = new Fields(item);
  const value = Number(fields.optional('value') || Number.NaN);
  if (!Number.isFinite(value)) return undefined;
  return {
    measurand: fields.optional('measurand') ?? 'Energy.Active.Import.Register',
    phase: fields.optional('phase'),
    unit: fields.optional('unit'),
    value,
  };
}

/** The last value of all phases together; where there are only single phases, nothing. */
function newest(samples: readonly Sample[], measurand: string): Sample | undefined {
  return samples.findLast((sample) => sample.measurand === measurand && sample.phase === undefined);
}

function energy(sample: Sample | undefined): string | undefined {
  return sample && `${rounded(sample.unit === 'kWh' ? sample.value : sample.value / 1000)} kWh`;
}

function power(sample: Sample | undefined): string | undefined {
  return sample && `${rounded(sample.unit === 'kW' ? sample.value : sample.value / 1000)} kW`;
}

function soc(sample: Sample | undefined): string | undefined {
  return sample && `${rounded(sample.value)} %`;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}

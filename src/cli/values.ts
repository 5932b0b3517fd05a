import { Args, Flags } from '@oclif/core';
import { FleetError } from '../domain/errors.js';

/** An empty text on the command line removes a value; a flag that was not given leaves it alone. */
export function emptyToNull(text: string | undefined): string | null | undefined {
  return text === '' ? null : text;
}

/** From a duration flag (ms) to whole seconds, at least one. */
export function toSeconds(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : Math.max(1, Math.round(durationMs / 1000));
}

/** A decimal number; `min` and `max` are inclusive. */
export const number = Flags.custom<number, { min: number; max: number }>({
  helpValue: '<number>',
  parse: async (input, _context, { name, min, max }) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(input) ? Number(input) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new FleetError('USAGE', `--${name} takes a number from ${min} to ${max}.`);
  },
});

const connectorMax = 1000;

/** The number of a connector as an argument. */
export const connectorArg = Args.custom<number>({
  parse: async (input) => {
    const value = /^\d+$/.test(input) ? Number(input) : 0;
    if (value >= 1 && value <= connectorMax) return value;
    throw new FleetError('USAGE', `CONNECTOR takes a whole number from 1 to ${connectorMax}.`);
  },
});

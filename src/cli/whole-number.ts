import { FleetError } from '../domain/errors.js';

/** An argument that counts things from 1. @param what begins the sentence of the error */
export function wholeNumber(what: string, typed: string): number {
  if (/^[1-9]\d{0,8}$/.test(typed)) return Number(typed);
  throw new FleetError('USAGE', `${what} is a whole number from 1, not ${JSON.stringify(typed)}.`);
}

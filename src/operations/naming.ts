import { FleetError } from '../domain/errors.js';
import type { Station } from '../domain/model.js';
import type { Repositories } from '../domain/repositories.js';
import { findConnector } from './lookup.js';

/** The look-up's error with the flag in front. */
export async function naming<T>(flag: string, lookUp: Promise<T>): Promise<T> {
  try {
    return await lookUp;
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    const { code, message, suggestions } = error;
    throw new FleetError(code, `${flag}: ${message}`, { suggestions });
  }
}

/** @throws FleetError NOT_FOUND that names the flag, when the station has no such connector */
export async function checkConnector(r: Repositories, station: Station, connector: number): Promise<void> {
  await naming(`--connector ${connector}`, findConnector(r, station, connector));
}

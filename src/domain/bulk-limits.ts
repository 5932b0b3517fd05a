/** Stations that an action on many deals with at a time. */
export const concurrencyDefault = 20;
export const concurrencyMax = 500;

import { foldKey } from '../fold-key.js';
import { checkName } from '../identifiers.js';
import { readDecimal, readIdentity, readText } from './import-cells.js';
import { type ImportTable, wrong } from './import-file.js';

/** The properties of a site that an import is about; what is not among them stays as it is. */
export const siteColumns = ['address', 'lat', 'lon'] as const;
export type SiteColumn = (typeof siteColumns)[number];

/** A line of a list of sites. */
export interface SiteLine {
  readonly line: number;
  readonly name: string;
  readonly address?: string;
  /** WGS 84, decimal degrees. */
  readonly lat?: number;
  readonly lon?: number;
}

/** Characters of an address. */
export const addressMaxLength = 500;

/** What a list of sites may hold. */
export const siteTable: ImportTable<Omit<SiteLine, 'line'>, 'name', SiteColumn, unknown> = {
  key: 'name',
  identityOf: ({ name }) => foldKey(name),
  columns: {
    name: { names: ['name', 'site', 'siteName', 'location'], read: (text) => ({ name: readName(text) }) },
    address: {
      names: ['address', 'street', 'streetAddress'],
      read: (text) => ({ address: readText(text, addressMaxLength) }),
    },
    lat: { names: ['lat', 'latitude'], read: (text) => ({ lat: readDecimal(text, { min: -90, max: 90 }) }) },
    lon: {
      names: ['lon', 'lng', 'long', 'longitude'],
      read: (text) => ({ lon: readDecimal(text, { min: -180, max: 180 }) }),
    },
  },
  // A list counts the floors; their names are something else.
  left: { uuid: null, floors: checkCount, stations: null, createdAt: null },
  example: 'name,address,lat,lon',
};

function readName(text: string): string {
  const name = readIdentity(text);
  checkName('site name', name);
  return name;
}

function checkCount(text: string): void {
  if (!/^\d*$/.test(text)) {
    throw wrong('floors come with the stations on them: evfleet station import, --create-missing');
  }
}

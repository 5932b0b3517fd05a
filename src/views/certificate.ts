import type { BulkOutcome } from '../operations/bulk.js';
import type { InstalledView } from '../operations/certificate/certificate-station.js';
import type { CertificateView } from '../operations/certificate/certificate-view.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

type State = CertificateView['state'];

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);

const columns = {
  serial: { title: 'SERIAL' },
  kind: { title: 'KIND' },
  stationId: { title: 'STATION' },
  subject: { title: 'SUBJECT' },
  state: {
    title: 'STATE',
    show: (value: State, _row: object, { paint }: Terminal) => stateColour(value, paint)(value),
  },
  notBefore: { title: 'FROM', show: time },
  notAfter: { title: 'UNTIL', show: time },
  issuedAt: { title: 'ISSUED', show: time },
  installedAt: { title: 'TAKEN', show: time },
  revokedAt: { title: 'REVOKED', show: time },
  reason: { title: 'REASON' },
  hosts: { title: 'HOSTS', show: (value: readonly string[]) => value.join(', ') || '-' },
  origin: {
    title: 'SIGNED BY',
    show: (value: string) => (value === 'own' ? 'own authority' : 'csr command'),
  },
  certFile: { title: 'CERTIFICATE FILE' },
  keyFile: { title: 'KEY FILE' },
  fingerprint: { title: 'FINGERPRINT' },
};

/** Names and order are a contract (operations/certificate/certificate-view.ts). */
export const certificateList: ListView<CertificateView> = {
  columns,
  // What fits into 80 columns.
  defaults: ['serial', 'kind', 'stationId', 'state', 'notAfter'],
  whereRoom: ['subject'],
  id: ({ serial }) => serial,
  empty: 'No certificate matches. Make an authority first: evfleet certificate ca create',
};

/** Without its text, which `certificate ca export` writes, and `--json` shows. */
export const certificateRecord: RecordView<CertificateView> = { fields: columns };

function stateColour(state: State, paint: Terminal['paint']): (text: string) => string {
  if (state === 'valid') return paint.green;
  return state === 'expiring' ? paint.yellow : paint.redBright;
}

/** Names and order are a contract (operations/certificate/certificate-station.ts). */
export const installedList: ListView<InstalledView> = {
  columns: {
    type: { title: 'TYPE' },
    isOwn: { title: 'OF THIS FLEET', show: (value) => (value ? 'yes' : 'no') },
    hashAlgorithm: { title: 'HASH' },
    issuerNameHash: { title: 'ISSUER NAME HASH' },
    issuerKeyHash: { title: 'ISSUER KEY HASH' },
    serialNumber: { title: 'SERIAL' },
  },
  defaults: ['type', 'serialNumber', 'isOwn', 'hashAlgorithm'],
  id: ({ serialNumber }) => serialNumber,
  empty: 'The station has no root certificates.',
};

/** That a station has its new certificate, with its end as people write it; any other outcome as it is. */
export function renewedWords({ stationId, message, detail }: BulkOutcome, terminal: Terminal): string {
  const { serial, notAfter } = detail ?? {};
  if (typeof serial !== 'string' || typeof notAfter !== 'string') return message;
  return `${stationId} has taken certificate ${serial}, good until ${instant(notAfter, terminal)}.`;
}

/** Where a new certificate and its key lie, a line each. */
export function issuedLines(
  { certFile, keyFile, notAfter }: Pick<CertificateView, 'certFile' | 'keyFile' | 'notAfter'>,
  terminal: Terminal,
): string[] {
  return [
    `Certificate ${certFile ?? ''}, good until ${instant(notAfter, terminal)}.`,
    `Its key ${keyFile ?? ''}, which nobody else may read.`,
  ];
}

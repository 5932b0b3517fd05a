import type { LocalListUpdate } from '../../domain/charging/local-list.js';
import { quoteForShell } from '../../domain/shell.js';
import { Refusal } from '../remote/refusal.js';
import { toIso } from '../shared.js';

/** What a station takes of a list. */
export interface Limits {
  readonly maxPerMessage: number;
  readonly maxEntries: number | undefined;
  readonly isEnabled: boolean;
}

/** Entries of a message to a station that does not say how many it takes. */
const assumedPerMessage = 100;

/** Entries of a message however many the station takes: about 100 kB. */
const mostPerMessage = 1000;

/** Configuration keys that say so (OCPP 1.6 §9.2). */
export const limitKeys = [
  'SendLocalListMaxLength',
  'LocalAuthListMaxLength',
  'LocalAuthListEnabled',
] as const;

/** What a station does not say is assumed. */
export function readLimits(answer: Record<string, unknown>): Limits {
  const values = valuesOf(answer);
  const perMessage = wholeNumber(values.get('sendlocallistmaxlength'));
  return {
    maxPerMessage: Math.min(Math.max(1, perMessage ?? assumedPerMessage), mostPerMessage),
    maxEntries: wholeNumber(values.get('localauthlistmaxlength')),
    isEnabled: values.get('localauthlistenabled')?.toLowerCase() !== 'false',
  };
}

/** An update that a station did not take, and what it said. */
export interface Failed {
  readonly update: LocalListUpdate;
  readonly status: string;
}

/** Whether it may take all of the list, though not the difference. */
export function mayDoInFull({ status, update }: Failed): boolean {
  return status === 'VersionMismatch' || (status === 'Failed' && update.kind === 'differential');
}

export function refused(id: string, { status, update }: Failed, { isEnabled }: Limits): Refusal {
  const station = quoteForShell(id);
  switch (status) {
    case 'NotSupported':
      return isEnabled
        ? new Refusal(id, status, `${id} takes no local authorization list: it answered ${status}.`)
        : new Refusal(id, status, `${id} has its local authorization list switched off.`, [
            `evfleet config set ${station} LocalAuthListEnabled=true`,
          ]);
    case 'VersionMismatch':
      return new Refusal(
        id,
        status,
        `${id} does not take version ${update.version} of the list, not even all of it: it answered ${status}.`,
        [`evfleet local-list version ${station}`],
      );
    default:
      return new Refusal(id, status, `${id} could not take the list: it answered ${status}.`);
  }
}

/** OCPP 1.6 §5.15: in a differential update what has no idTagInfo goes; what is empty is left out. */
export function toSendLocalList({
  kind,
  version,
  entries,
  removed,
}: LocalListUpdate): Record<string, unknown> {
  const list = [
    ...removed.map((idTag) => ({ idTag })),
    ...entries.map(({ tag, status, expiresAt, parent }) => ({
      idTag: tag,
      idTagInfo: {
        status,
        ...(expiresAt !== null && { expiryDate: toIso(expiresAt) }),
        ...(parent !== null && { parentIdTag: parent }),
      },
    })),
  ];
  return {
    listVersion: version,
    updateType: kind === 'full' ? 'Full' : 'Differential',
    ...(list.length > 0 && { localAuthorizationList: list }),
  };
}

function valuesOf(answer: Record<string, unknown>): Map<string, string> {
  const { configurationKey: found } = answer;
  const values = new Map<string, string>();
  for (const { key, value } of Array.isArray(found) ? found : []) {
    if (typeof key === 'string' && value !== undefined) values.set(key.toLowerCase(), String(value));
  }
  return values;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : undefined;
}

import type { Session } from '../model.js';

/**
 * Why a session is suspect, in words. There may be several reasons, separated by semicolons. Some say only that the
 * stop is missing: those go when the session's own stop comes.
 */

export const superseded = 'another session began on the connector before this one was stopped';

/** @param before and after: serial numbers */
export function replacedHardware(before: string, after: string): string {
  return `${replaced} (serial number ${before}, then ${after}) while this session was open`;
}

/** @param transactionId of the session that the stop turned out to be of */
export function mistakenStop(transactionId: number): string {
  return `${mistaken} ${transactionId}`;
}

const mistaken = 'what was taken for its stop was that of session';
const replaced = 'the station was replaced by another one';
const separator = '; ';

/** More says nothing new: a station may go on forever. */
const maxLength = 500;

/** All reasons, each once; null when there is none. */
export function joinSuspicions(...reasons: readonly (string | null | undefined)[]): string | null {
  const each = new Set(reasons.flatMap((reason) => reason?.split(separator) ?? []));
  const text = [...each].filter((reason) => reason !== '').join(separator);
  return text === '' ? null : text.slice(0, maxLength);
}

/** What remains suspicious of an open session once its own stop has come. */
export function lastingSuspicion(suspicion: string | null): string | null {
  const reasons = suspicion?.split(separator) ?? [];
  const isOver = (reason: string) =>
    reason === superseded || reason.startsWith(replaced) || reason.startsWith(mistaken);
  return joinSuspicions(...reasons.filter((reason) => !isOver(reason)));
}

/** Another session began on its connector: it runs no more, though its stop is missing. */
export function wasSuperseded({ suspicion }: Pick<Session, 'suspicion'>): boolean {
  return suspicion?.split(separator).includes(superseded) === true;
}

/** The hardware that began the session is gone: no stop of the new one is taken for its own by a guess. */
export function lostItsHardware({ suspicion }: Pick<Session, 'suspicion'>): boolean {
  return suspicion?.includes(replaced) === true;
}

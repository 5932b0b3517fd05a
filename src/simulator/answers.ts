import type { Payload } from '../ocpp/frame.js';
import { parseTime } from '../ocpp/v16/time.js';
import type { AuthorizationStatus, IdTagInfo } from './charging/local-list.js';

/**
 * Readers for the answers of a central system. Any central system may be at the other end, so nothing is taken for
 * granted: what makes no sense reads as the refusal that it amounts to.
 */

export interface BootAnswer {
  readonly status: 'Accepted' | 'Pending' | 'Rejected';
  readonly intervalS: number;
}

const TAG_STATUSES: readonly AuthorizationStatus[] = [
  'Accepted',
  'Blocked',
  'Expired',
  'Invalid',
  'ConcurrentTx',
];

export function readBootAnswer(answer: Payload): BootAnswer {
  const { status, interval } = answer;
  return {
    status: status === 'Accepted' || status === 'Pending' ? status : 'Rejected',
    intervalS: typeof interval === 'number' && Number.isFinite(interval) && interval > 0 ? interval : 0,
  };
}

/** The verdict in an answer; undefined when it carries none. */
export function readIdTagInfo(answer: Payload): IdTagInfo | undefined {
  const { idTagInfo } = answer;
  if (typeof idTagInfo !== 'object' || idTagInfo === null) return undefined;
  const { status, expiryDate, parentIdTag } = idTagInfo as Payload;
  const expires = typeof expiryDate === 'string' && parseTime(expiryDate) !== undefined;
  return {
    status: TAG_STATUSES.find((known) => known === status) ?? 'Invalid',
    ...(expires ? { expiryDate } : {}),
    ...(typeof parentIdTag === 'string' ? { parentIdTag } : {}),
  };
}

export function readTransactionId(answer: Payload): number | undefined {
  const { transactionId } = answer;
  return typeof transactionId === 'number' && Number.isSafeInteger(transactionId) ? transactionId : undefined;
}

import { tagMaxLength } from '../../domain/identifiers.js';
import type { Response16 } from '../../ocpp/v16/actions.js';
import { formatTime } from '../../ocpp/v16/time.js';
import type { Authorization } from '../rules/authorize-tag.js';

/**
 * OCPP 1.6 IdTagInfo: what the station may put into its authorization cache. A tag that is accepted for another reason
 * than its own goodness goes without an expiry: one that has passed would be taken for a no.
 */
export function toIdTagInfo({ verdict, code, tag }: Authorization): Response16<'Authorize'>['idTagInfo'] {
  const fits = tag?.parent != null && tag.parent.length <= tagMaxLength;
  const isExcused = code === 'open-connector' || code === 'may-stop';
  return {
    status: verdict,
    ...(tag?.expiresAt != null && !isExcused && { expiryDate: formatTime(tag.expiresAt) }),
    ...(fits && tag.parent !== null && { parentIdTag: tag.parent }),
  };
}

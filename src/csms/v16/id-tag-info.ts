import { tagMaxLength } from '../../domain/identifiers.js';
import type { Response16 } from '../../ocpp/v16/actions.js';
import { formatTime } from '../../ocpp/v16/time.js';
import type { Authorization } from '../rules/authorize-tag.js';

/** OCPP 1.6 IdTagInfo: what the station may put into its authorization cache. */
export function toIdTagInfo({ verdict, tag }: Authorization): Response16<'Authorize'>['idTagInfo'] {
  const fits = tag?.parent != null && tag.parent.length <= tagMaxLength;
  return {
    status: verdict,
    ...(tag?.expiresAt != null && { expiryDate: formatTime(tag.expiresAt) }),
    ...(fits && tag.parent !== null && { parentIdTag: tag.parent }),
  };
}

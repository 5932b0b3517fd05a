import { whyClosed } from '../../domain/alarm/outbox-channels.js';
import type { Repositories } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';

/** Why nobody is told by mail, for people; null when mail is set up. */
export async function mailOff(r: Pick<Repositories, 'settings'>): Promise<string | null> {
  return whyClosed('mail', effectiveSettings(await r.settings.list())) ?? null;
}

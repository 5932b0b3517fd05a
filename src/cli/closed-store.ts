import type { StoreCheckView } from '../operations/system/store.js';
import { type OpenFleetOptions, servedFleet } from './open-fleet.js';

/** Verifies the store: through the server that has it open, or else on the disk, without opening it. */
export async function checkStore(options: OpenFleetOptions): Promise<StoreCheckView> {
  const served = await servedFleet(options);
  if (!served) {
    const { checkClosed } = await import('../server/closed-store.js');
    const { problems, segments, ...check } = await checkClosed(options);
    return { ...check, problems: [...problems], segments: [...segments] };
  }
  try {
    return await served.run('store.check', {});
  } finally {
    await served.close();
  }
}

/** Puts a backup in the place of a store that nobody has open. */
export async function restoreStore(
  options: OpenFleetOptions,
  file: string,
): Promise<{ file: string; bytes: number; keptIn: string | null }> {
  const { restoreClosed } = await import('../server/closed-store.js');
  return restoreClosed(options, file);
}

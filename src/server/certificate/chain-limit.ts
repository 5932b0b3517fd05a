import type { Repositories } from '../../domain/repositories.js';
import { foldKeyName } from '../../domain/station/configuration-keys.js';

const key = foldKeyName('CertificateSignedMaxChainSize');

/** The longest chain that a station takes, in characters of PEM; undefined when it has not said so. */
export async function chainLimitOf(
  { configurations }: Pick<Repositories, 'configurations'>,
  stationUuid: string,
): Promise<number | undefined> {
  const reported = (await configurations.find(stationUuid))?.reported ?? [];
  const value = reported.find((entry) => foldKeyName(entry.key) === key)?.value?.trim() ?? '';
  // Some say 0 for no limit.
  return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

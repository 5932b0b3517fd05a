import type { Repositories } from '../../domain/repositories.js';
import { only } from './only.js';
import type { Sight } from './sight.js';

/** The certificates of the stations that stand at the sites in sight now; none of servers, nor of the authority. */
export function certificatesInSight(sight: Sight): Repositories['certificates'] {
  const { r } = sight;

  async function isInSight({ stationUuid }: { readonly stationUuid: string | null }): Promise<boolean> {
    return stationUuid !== null && (await sight.seesStation(stationUuid));
  }

  return only(
    {
      async find(fingerprint) {
        const found = await r.certificates.find(fingerprint);
        return found && (await isInSight(found)) ? found : undefined;
      },
      async listBySerial(serial) {
        const seen: Awaited<ReturnType<Repositories['certificates']['listBySerial']>> = [];
        for (const found of await r.certificates.listBySerial(serial))
          if (await isInSight(found)) seen.push(found);
        return seen;
      },
      async update(fingerprint, change) {
        const found = await r.certificates.find(fingerprint);
        if (!found || !(await isInSight(found))) throw sight.refusal();
        await r.certificates.update(fingerprint, change);
      },
      list: (filter, page) => r.certificates.list(sight.narrow(filter), page),
      count: (filter) => r.certificates.count(sight.narrow(filter)),
    },
    () => sight.refusal(),
  );
}

import { foldKey } from '../../domain/fold-key.js';
import type { FirmwareImage } from '../../domain/station/firmware.js';
import type { FirmwareImageRepository, ImageName } from '../../domain/station/firmware-repositories.js';
import { build, type Executor, first } from '../queries.js';

const columns = [
  'uuid',
  'vendor',
  'model',
  'version',
  'fileName',
  'sizeBytes',
  'sha256',
  'signature',
  'certificate',
  'createdAt',
] as const;

function named({ vendor, model, version }: Partial<ImageName>) {
  let query = build.selectFrom('firmwareImage').select(columns);
  if (vendor !== undefined) query = query.where('vendorKey', '=', foldKey(vendor));
  if (model !== undefined) query = query.where('modelKey', '=', foldKey(model));
  if (version !== undefined) query = query.where('versionKey', '=', foldKey(version));
  return query;
}

export function createFirmwareImageRepository(executor: Executor): FirmwareImageRepository {
  return {
    async insert(image) {
      const keys = {
        vendorKey: foldKey(image.vendor),
        modelKey: foldKey(image.model),
        versionKey: foldKey(image.version),
      };
      await executor.run(
        build
          .insertInto('firmwareImage')
          .values({ ...image, ...keys })
          .compile(),
      );
    },

    findByUuid: (uuid) =>
      first(executor, build.selectFrom('firmwareImage').select(columns).where('uuid', '=', uuid).compile()),

    find: (name) => first(executor, named(name).compile()),

    list: (filter = {}) =>
      executor.all<FirmwareImage>(
        named(filter).orderBy('vendorKey').orderBy('modelKey').orderBy('versionKey').compile(),
      ),

    async delete(uuid) {
      await executor.run(build.deleteFrom('firmwareImage').where('uuid', '=', uuid).compile());
    },
  };
}

import type { TagLine } from '../../domain/import/tag-import.js';
import type { ImportedColumn } from '../../domain/import/tag-import-repository.js';
import type { Fleet, Output } from '../../operations/fleet.js';
import type { ImportTarget } from './import-file.js';

export interface TagImportOptions {
  readonly columns: ImportedColumn[];
  readonly ifExists: 'fail' | 'skip' | 'update';
  readonly dryRun: boolean;
}

/** Tags of a list wait in the store until all have come: there may be a hundred thousand. */
export async function beginTagImport(
  fleet: Fleet,
  { columns, ifExists, dryRun }: TagImportOptions,
): Promise<ImportTarget<Omit<TagLine, 'line'>, 'tag' | ImportedColumn, Output<'tag-import.finish'>>> {
  const { importId, partMaxLines } = await fleet.run('tag-import.begin', { columns, ifExists });
  return {
    partMaxLines,
    check: (lines) => fleet.run('tag-import.append', { importId, lines }),
    finish: () => fleet.run('tag-import.finish', { importId, dryRun }),
    // Otherwise it would keep others from importing for a while.
    async discard() {
      await fleet.run('tag-import.discard', { importId }).catch(() => undefined);
    },
  };
}

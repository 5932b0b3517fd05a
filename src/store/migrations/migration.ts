import type { CompiledQuery } from 'kysely';

/** One step of the schema's history. Forward only; once released, a migration never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: () => readonly CompiledQuery<unknown>[];
}

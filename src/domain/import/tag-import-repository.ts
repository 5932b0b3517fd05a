import type { Tag } from '../people/people.js';

/** The properties of a tag that an import is about; what is not among them stays as it is. */
export const importedColumns = [
  'label',
  'user',
  'blocked',
  'expiresAt',
  'parent',
  'maxActive',
  'sites',
  'groups',
] as const;
export type ImportedColumn = (typeof importedColumns)[number];

/** An import of tags that is under way: there is at most one. Instants are milliseconds since the epoch. */
export interface TagImport {
  readonly uuid: string;
  /** Who imports. */
  readonly caller: string;
  readonly begunAt: number;
  /** When the last rows came. */
  readonly touchedAt: number;
  readonly columns: readonly ImportedColumn[];
  readonly ifExists: 'fail' | 'skip' | 'update';
  /** How many have come, and what would become of them. */
  readonly rows: number;
  readonly bad: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly unchanged: number;
}

/** A tag as it is to become. */
export interface StagedTag {
  readonly tag: Tag;
  /** Where it stands in the file. */
  readonly line: number;
  readonly action: 'create' | 'update' | 'leave';
}

export interface TagImportRepository {
  find(): Promise<TagImport | undefined>;
  /** There must be none. */
  insert(tagImport: TagImport): Promise<void>;
  update(uuid: string, change: Partial<Omit<TagImport, 'uuid'>>): Promise<void>;
  /** The line of a tag that has come; case-insensitive. */
  findLine(tag: string): Promise<number | undefined>;
  /** None of them may have come. */
  stage(tags: readonly StagedTag[]): Promise<void>;
  /**
   * Makes tags of all that have come, in few statements, however many there are.
   * @throws FleetError CONFLICT when something that they depend on has changed since they came
   */
  apply(columns: readonly ImportedColumn[]): Promise<void>;
  /** Forgets the import and all that has come. */
  clear(): Promise<void>;
}

import fs from 'node:fs/promises';
import path from 'node:path';

/** An automatic backup, told by its name alone. */
export interface BackupFile {
  readonly file: string;
  /** When it was begun, milliseconds since the epoch; to the second. */
  readonly at: number;
}

/** `evfleet-2026-05-04T013000Z.db`: names sort by time, and hold nothing that some file system refuses. */
export function backupName(at: number): string {
  return `evfleet-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z.db`;
}

/** Undefined for every name that `backupName` does not make. */
export function backupInstant(name: string): number | undefined {
  const match = /^evfleet-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.db$/.exec(name);
  if (!match) return undefined;
  const at = Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`);
  return Number.isFinite(at) && backupName(at) === name ? at : undefined;
}

/** The automatic backups in a directory, newest first; none when there is no such directory yet. */
export async function listBackups(directory: string): Promise<BackupFile[]> {
  const entries = await fs.readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const backups: BackupFile[] = [];
  for (const entry of entries) {
    const at = entry.isFile() ? backupInstant(entry.name) : undefined;
    if (at !== undefined) backups.push({ file: path.join(directory, entry.name), at });
  }
  return backups.sort((a, b) => b.at - a.at);
}

/** Removes the oldest automatic backups beyond the newest `keep`; gives how many. */
export async function rotateBackups(directory: string, keep: number): Promise<number> {
  const surplus = (await listBackups(directory)).slice(keep);
  for (const { file } of surplus) await fs.rm(file);
  return surplus.length;
}

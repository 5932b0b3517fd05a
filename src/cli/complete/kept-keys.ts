import { statSync } from 'node:fs';

/**
 * Whether others can read the keys that `login` keeps. A command that uses them puts that right and warns; here nobody
 * would read the warning, so it is left to the next one, and the keys are not used.
 */
export function isOpenToOthers(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & 0o077) !== 0;
}

import fs from 'node:fs/promises';

/** Of this process, under the names that every client of Prometheus uses. */
export const startTimeS = performance.timeOrigin / 1000;

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Undefined where the system does not tell. */
export async function openFiles(): Promise<number | undefined> {
  try {
    return (await fs.readdir('/proc/self/fd')).length;
  } catch {
    return undefined;
  }
}

export async function openFilesMax(): Promise<number | undefined> {
  try {
    const limits = await fs.readFile('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

const unitBytes = { GiB: 1024 ** 3, MiB: 1024 ** 2, KiB: 1024, GB: 1000 ** 3, MB: 1000 ** 2, kB: 1000, B: 1 };

type Unit = keyof typeof unitBytes;

const units = Object.keys(unitBytes) as Unit[];

/**
 * Bytes of a size as people write it: `64MiB`, `1.5 GiB`, `500 kB`, `4096`. Case does not count.
 * @returns undefined when `text` is no such size
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  if (!match) return undefined;
  const wanted = (match[2] || 'B').toLowerCase();
  const unit = units.find((known) => known.toLowerCase() === wanted);
  const bytes = unit === undefined ? Number.NaN : Math.round(Number(match[1]) * unitBytes[unit]);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Exactly so many bytes in the largest binary unit that needs no fraction: `64MiB`, `1536KiB`, `1000B`. */
export function writeBytes(bytes: number): string {
  const binary = ['GiB', 'MiB', 'KiB', 'B'] as const;
  const unit = bytes === 0 ? 'B' : (binary.find((known) => bytes % unitBytes[known] === 0) ?? 'B');
  return `${bytes / unitBytes[unit]}${unit}`;
}

/** `1,340 MiB`, rounded up: for sentences about space on a disk. */
export function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}

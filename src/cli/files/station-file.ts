import { FleetError } from '../../domain/errors.js';
import { checkStationId } from '../../domain/identifiers.js';
import { readTextFile } from './text-file.js';

/** More than the 20,000 stations that one action is for. */
const maxBytes = 4 * 1024 * 1024;

export interface StationLine {
  readonly id: string;
  /** `stations.txt, line 3`: for messages. */
  readonly place: string;
}

/**
 * The stations of `--from-file`: an id on each line, `-` for standard input. What follows a `#` at the beginning of a
 * line or behind a space is a comment.
 * @throws FleetError USAGE with the line that holds no id, or when there is none at all
 */
export async function readStationFile(source: string, signal: AbortSignal): Promise<StationLine[]> {
  const name = source === '-' ? 'standard input' : source;
  const text = await readTextFile(source, { flag: '--from-file', signal, maxBytes });
  const found: StationLine[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const id = line.replace(/(^|\s)#.*$/, '').trim();
    if (id === '') continue;
    const place = `${name}, line ${index + 1}`;
    checkLine(id, place);
    found.push({ id, place });
  }
  if (found.length > 0) return found;
  throw new FleetError('USAGE', `--from-file found no station in ${name}.`);
}

function checkLine(id: string, place: string): void {
  try {
    checkStationId(id);
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    throw new FleetError('USAGE', `${place}: ${error.message}`, { cause: error });
  }
}

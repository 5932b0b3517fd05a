import { FleetError } from '../../domain/errors.js';
import { readTextFile } from './text-file.js';
import type { YamlPath, YamlText } from './yaml-text.js';

/** What a YAML or JSON file says, and where. */
export interface YamlFile {
  readonly value: unknown;
  /** `night.yaml:7:13` for what is there, or for the nearest thing around what is missing. */
  place(path: YamlPath, part?: 'key' | 'value'): string;
}

const maxBytes = 1024 * 1024;

/** What aliases may make of a file: a few lines can say billions of values. */
const maxAliases = 100;

/**
 * Reads the documents of a file in YAML 1.2 or JSON; `-` is standard input.
 * @param flag that names the file, for messages
 * @throws FleetError USAGE with file, line and column of what is not YAML
 */
export async function readYamlText(file: string, flag: string, signal: AbortSignal): Promise<YamlText> {
  const text = await readTextFile(file, { flag, signal, maxBytes });
  // The parser takes its time to load, and few commands read files.
  const { YamlText: Parsed } = await import('./yaml-text.js');
  return new Parsed(text, file === '-' ? 'standard input' : file);
}

/** As `readYamlText`, for a file that has one document. */
export async function readYamlFile(file: string, flag: string, signal: AbortSignal): Promise<YamlFile> {
  const text = await readYamlText(file, flag, signal);
  const [document, second] = text.documents;
  if (second) throw text.failure(second.range[0], 'a second document begins here, and there may be only one');
  if (!document) return { value: null, place: () => text.place(0) };
  const { offsetOf } = await import('./yaml-text.js');
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw new FleetError('USAGE', `${text.place(0)}: there are too many aliases.`, { cause: error });
  }
  return { value, place: (path, part = 'value') => text.place(offsetOf(document, path, part)) };
}

import { readFile, stat } from 'node:fs/promises';
import type { LineCounter } from 'yaml';
import { FleetError } from '../domain/errors.js';
import { readStdin } from './stdin.js';

/** Names of fields and positions in lists. */
type Path = readonly (string | number)[];

/** What a YAML or JSON file says, and where. */
export interface YamlFile {
  readonly value: unknown;
  /** `night.yaml:7:13` for what is there, or for the nearest thing around what is missing. */
  place(path: Path, part?: 'key' | 'value'): string;
}

const maxBytes = 1024 * 1024;

/** What aliases may make of a file: a few lines can say billions of values. */
const maxAliases = 100;

/**
 * Reads a file in YAML 1.2 or JSON; `-` is standard input.
 * @param flag that names the file, for messages
 * @throws FleetError USAGE with file, line and column of what is not YAML
 */
export async function readYamlFile(file: string, flag: string, signal: AbortSignal): Promise<YamlFile> {
  const text = await readText(file, flag, signal);
  const name = file === '-' ? 'standard input' : file;
  const { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const [line] = problem.message.split('\n');
    throw new FleetError('USAGE', `${at(name, lines, problem.pos[0])}: ${line}.`.replace(/\.+$/, '.'));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw new FleetError('USAGE', `${name} has too many aliases.`, { cause: error });
  }
  const startOf = (node: unknown) => (isNode(node) ? node.range?.[0] : undefined);
  const place: YamlFile['place'] = (path, part = 'value') => {
    let node: unknown = document.contents;
    let offset = startOf(node);
    for (const [index, step] of path.entries()) {
      const isLast = index === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === step);
        if (!pair) break;
        node = pair.value;
        offset = isLast && part === 'key' ? startOf(pair.key) : (startOf(node) ?? startOf(pair.key));
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        offset = startOf(node) ?? offset;
      } else break;
    }
    return at(name, lines, offset ?? 0);
  };
  return { value, place };
}

function at(name: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${name}:${line}:${col}`;
}

async function readText(file: string, flag: string, signal: AbortSignal): Promise<string> {
  if (file === '-') return (await readStdin({ reader: `${flag} -`, signal, maxBytes })).toString('utf8');
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new FleetError('USAGE', `${file} has more than ${maxBytes} bytes.`);
    return await readFile(file, { encoding: 'utf8', signal });
  } catch (error) {
    if (error instanceof FleetError || signal.aborted) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    throw new FleetError('USAGE', `${flag} cannot read ${file}: ${why}.`, { cause: error });
  }
}

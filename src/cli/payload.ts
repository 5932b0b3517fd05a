import { readFile, stat } from 'node:fs/promises';
import { FleetError } from '../domain/errors.js';
import { readStdin } from './stdin.js';

/** The largest OCPP message by far is a certificate or a local list. */
const maxBytes = 1024 * 1024;

/**
 * A JSON object from a `--payload` flag: the JSON itself, `@file`, or `-` for standard input.
 * @throws FleetError USAGE, never with the payload in it: it may hold a secret
 */
export async function readPayload(source: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const text = await readText('--payload', source, signal);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FleetError('USAGE', `--payload takes JSON${from(source)}, and this is none.`, {
      suggestions: [`--payload '{"type":"Soft"}'`, '--payload @message.json'],
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FleetError('USAGE', `--payload takes a JSON object${from(source)}: {"name": value}.`);
}

function from(source: string): string {
  if (source === '-') return ' on standard input';
  return source.startsWith('@') ? ` in the file ${source.slice(1)}` : '';
}

/**
 * The value of a flag that takes a text, `@file`, or `-` for standard input.
 * @throws FleetError USAGE when it cannot be read, or is too long
 */
export async function readText(flag: string, source: string, signal: AbortSignal): Promise<string> {
  if (source === '-') return (await readStdin({ reader: `${flag} -`, signal, maxBytes })).toString('utf8');
  if (!source.startsWith('@')) return source;
  const file = source.slice(1);
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

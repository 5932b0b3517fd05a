import { FleetError } from '../../domain/errors.js';
import { readTextFile } from './text-file.js';

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
  const isText = source !== '-' && !source.startsWith('@');
  return isText ? source : readTextFile(source.replace(/^@/, ''), { flag, signal, maxBytes });
}

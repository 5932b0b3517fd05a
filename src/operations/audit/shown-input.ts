import { redactValue } from '../../domain/redact-value.js';
import { mask } from '../../domain/secret-names.js';
import { boundedJson } from './bounded-json.js';

/** What says how it was to be done, not what. */
const dull: ReadonlySet<string> = new Set(['timeoutMs', 'concurrency']);

/** What was asked for, as the audit keeps it: without secrets, and not longer than it keeps; null when that is nothing. */
export function shownInput(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const said = Object.entries(input).filter(([name, value]) => value !== undefined && !dull.has(name));
  if (said.length === 0) return null;
  return boundedJson(redactValue(withoutDeclared(Object.fromEntries(said), 0)));
}

/** As a person reads it: milliseconds since the epoch are `…At` in every input. */
function isTime(name: string, content: unknown): content is number {
  return name.endsWith('At') && typeof content === 'number' && Math.abs(content) <= 8.64e15;
}

/** Levels in which a value may be declared secret. */
const depthMax = 8;

/**
 * What nothing tells to be a secret but this program's own words for it: `{"key": "Pin2", "value": "1234", "secret": true}`,
 * and the addresses of webhooks, which are known to those only who may use them.
 */
function withoutDeclared(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > depthMax) return value;
  if (Array.isArray(value)) return value.map((item) => withoutDeclared(item, depth + 1));
  const isSecret = 'secret' in value && value.secret === true;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) =>
      (isSecret && name === 'value') || name === 'webhooks'
        ? [name, mask]
        : [
            name,
            isTime(name, content) ? new Date(content).toISOString() : withoutDeclared(content, depth + 1),
          ],
    ),
  );
}

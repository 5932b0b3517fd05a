import { actionNames } from './ocpp-actions.js';
import { isSecretName, mask } from './secret-names.js';
import { maskCredentials, maskSecretsInText } from './secret-texts.js';

/** Levels looked through, those of JSON inside of texts included; what lies deeper is masked. */
const maxDepth = 80;

/**
 * A JSON value with passwords, keys and tokens masked: values of configuration keys and fields whose names say that they
 * are such, credentials in URLs, and what looks like either inside of texts. The very same value when there are none.
 */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactString(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return mask;
  return Array.isArray(value) ? redactList(value, depth) : redactObject(value, depth);
}

function redactList(list: readonly unknown[], depth: number): readonly unknown[] {
  let changed = false;
  const redacted = list.map((item) => {
    const masked = redactValue(item, depth + 1);
    changed ||= masked !== item;
    return masked;
  });
  return changed ? redacted : list;
}

/** Fields that say what the other fields of the same object are about: `{"key": "AuthorizationKey", "value": …}`. */
const naming: ReadonlySet<string> = new Set(['key', 'name', 'messageid', 'parameter', 'variable']);

/** Fields that are named like a secret, or stand beside the name of one, and are none. */
const harmless: ReadonlySet<string> = new Set([
  'configurationkey',
  'unknownkey',
  'issuerkeyhash',
  'vendorid',
]);

function redactObject(value: object, depth: number): object {
  const entries = Object.entries(value);
  const isNamedSecret = entries.some(
    ([name, content]) => naming.has(name.toLowerCase()) && namesSecret(content),
  );
  let changed = false;
  const redacted = entries.map(([name, content]): [string, unknown] => {
    const isSecret = isSecretField(name, content, entries.length) || (isNamedSecret && isBeside(name));
    const masked = isSecret && hasContent(content) ? mask : redactValue(content, depth + 1);
    changed ||= masked !== content;
    return [name, masked];
  });
  return changed ? Object.fromEntries(redacted) : value;
}

function namesSecret(content: unknown): boolean {
  if (Array.isArray(content)) return content.some(namesSecret);
  return typeof content === 'string' && isSecretName(content);
}

function isBeside(name: string): boolean {
  const lower = name.toLowerCase();
  return !naming.has(lower) && !harmless.has(lower);
}

/** `key` is the name of something where it has company, and the thing itself where it is alone. */
function isSecretField(name: string, content: unknown, fields: number): boolean {
  const lower = name.toLowerCase();
  if (lower === 'key') return fields === 1 && typeof content === 'string';
  return !harmless.has(lower) && isSecretName(name);
}

/** That a password is empty or missing is worth knowing. */
function hasContent(value: unknown): boolean {
  return value !== '' && value !== null && typeof value !== 'boolean';
}

function redactString(text: string, depth: number): string {
  if (/^\s*[[{"]/.test(text)) {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      return redactMalformed(text);
    }
    const redacted = redactValue(content, depth + 1);
    return redacted === content ? text : JSON.stringify(redacted);
  }
  return maskSecretsInText(maskCredentials(text));
}

const head = /^\s*\[\s*[234]\s*,\s*"[\w.:-]{1,64}"(?:\s*,\s*"([A-Za-z]{1,40})")?/;

/** What cannot be taken apart loses everything but its head as soon as it names a secret. */
export function redactMalformed(text: string): string {
  const plain = unescaped(text);
  // The field of that name is in every ChangeConfiguration.
  if (isSecretName(plain.replaceAll(/"key"\s*:/gi, ''))) return masked(text);
  const withoutCredentials = maskCredentials(plain);
  if (withoutCredentials === plain) return text;
  return plain === text ? withoutCredentials : masked(text);
}

function masked(text: string): string {
  const [start = '', action] = head.exec(text) ?? [];
  const kept = action === undefined || isActionName(action) ? start : '';
  return `${kept}${mask}`;
}

function isActionName(word: string): boolean {
  return actionNames.some((name) => name === word);
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\/', '/')
    .replaceAll('\\"', '"');
}

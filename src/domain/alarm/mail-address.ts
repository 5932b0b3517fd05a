import { emailComplaint } from '../people/email.js';

/** An e-mail address with the name that people are shown; empty when there is none. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const nameMaxLength = 100;

/**
 * Reads `ada@example.org`, `Ada Lovelace <ada@example.org>` and `"Lovelace, Ada" <ada@example.org>`.
 * @returns undefined when `text` is neither
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const match = /^(.*?)\s*<([^<>]*)>$/u.exec(text.trim());
  const address = (match ? match[2] : text)?.trim() ?? '';
  const name = (match?.[1] ?? '').trim().replace(/^"(.*)"$/u, '$1');
  if (emailComplaint(address) !== undefined) return undefined;
  // A line break would begin another header; who writes the mail encodes the rest.
  if (name.length > nameMaxLength || /[\p{Cc}\p{Cs}<>"\\]/u.test(name)) return undefined;
  return { name, address };
}

export function writeMailbox({ name, address }: Mailbox): string {
  if (name === '') return address;
  return /[,;:()@[\]]/.test(name) ? `"${name}" <${address}>` : `${name} <${address}>`;
}

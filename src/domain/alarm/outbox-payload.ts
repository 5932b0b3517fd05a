import { type Language, languages, type Notification } from './notification.js';

/** What a message is about, as the outbox keeps it: it is put into words when it is sent. */
export interface OutboxPayload {
  readonly notification: Notification;
  readonly language: Language;
}

export function writePayload({ notification, language }: OutboxPayload): string {
  return JSON.stringify({ notification, language });
}

/** @returns undefined when another program wrote it, in another way */
export function readPayload(text: string): OutboxPayload | undefined {
  const { notification, language } = JSON.parse(text) as Partial<OutboxPayload>;
  const known = languages.find((code) => code === language);
  return notification === undefined || known === undefined ? undefined : { notification, language: known };
}

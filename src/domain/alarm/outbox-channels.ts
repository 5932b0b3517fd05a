import type { Settings } from '../settings.js';
import { mailConfiguration } from './mail-configuration.js';
import type { OutboxChannel } from './outbox.js';

/** Why nothing can be sent this way, for people; undefined when it can. */
export function whyClosed(channel: OutboxChannel, settings: Settings): string | undefined {
  switch (channel) {
    case 'mail': {
      const mail = mailConfiguration(settings);
      return mail.isOn ? undefined : mail.reason;
    }
    case 'webhook':
      return settings['webhook.secret'] === undefined ? 'webhook.secret is not set' : undefined;
  }
}

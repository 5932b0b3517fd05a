import { Type } from '@sinclair/typebox';
import { mailConfiguration } from '../../domain/alarm/mail-configuration.js';
import { effectiveSettings } from '../../domain/settings.js';
import { fleetStaff } from '../access.js';
import { unary } from '../operation.js';
import { nullable, oneOf } from '../shared.js';

export const mailOperations = {
  'mail.check': unary({
    summary: 'Ask the mail server whether it would take mail, without sending any',
    access: fleetStaff,
    effect: 'read',
    input: Type.Object({}),
    output: Type.Object({
      /** Why mail is off; null when it is on. */
      offReason: nullable(Type.String()),
      address: nullable(Type.String()),
      secure: oneOf('starttls', 'tls', 'none'),
      logsIn: Type.Boolean(),
      /** Why the server takes none; null when it does. */
      failure: nullable(Type.String()),
      /** Messages that were given up. */
      dead: Type.Integer(),
    }),
    async run({ store, mail, signal }) {
      const { settings, dead } = await store.read(async (r) => ({
        settings: effectiveSettings(await r.settings.list()),
        dead: await r.outbox.count({ state: 'dead' }),
      }));
      const configuration = mailConfiguration(settings);
      const secure = settings['mail.secure'];
      if (!configuration.isOn) {
        const { reason: offReason } = configuration;
        return { offReason, address: null, secure, logsIn: false, failure: null, dead };
      }
      const { server } = configuration;
      return {
        offReason: null,
        address: `${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`,
        secure,
        logsIn: server.login !== null,
        failure: (await mail?.probe(server, signal)) ?? null,
        dead,
      };
    },
  }),
};

import { Type } from '@sinclair/typebox';
import { parseTrigger } from '../../domain/station/trigger.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { findConnector } from '../lookup.js';
import { stream } from '../operation.js';
import { timeoutMs, wish } from './remote-call.js';

export const remoteTriggerOperations = {
  'remote.trigger': stream({
    summary: 'Ask stations to send a message',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      /** A key of `triggerable` in domain/station/trigger.ts, in any case. */
      message: Type.String(),
      connector: Type.Optional(Type.Integer({ minimum: 1 })),
      timeoutMs,
    }),
    /** In `detail`: `action`, with which it was asked for, and `message`. */
    output: bulkOutcome,
    async *run(context, { targets, concurrency, message: typed, connector, timeoutMs }) {
      const { action, message } = parseTrigger(typed, connector);
      const payload = {
        requestedMessage: message,
        ...(connector !== undefined && { connectorId: connector }),
      };
      const what = connector === undefined ? message : `${message} of connector ${connector}`;
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        if (connector !== undefined) await context.store.read((r) => findConnector(r, station, connector));
        const { status } = await wish(
          context,
          station,
          {
            action,
            payload,
            to: `send ${what}`,
            refusals: {
              Rejected: 'it cannot send it now',
              NotImplemented: 'it does not know how to',
            },
          },
          { timeoutMs, signal },
        );
        return {
          status,
          message: `${station.id} answered ${status}: it will send ${what}.`,
          detail: { action, message },
        };
      });
    },
  }),
};

import { Type } from '@sinclair/typebox';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { findConnector } from '../lookup.js';
import { stream } from '../operation.js';
import { timeoutMs, wish } from './remote-call.js';

/** Vendors send anything; this much fits into one message that a station takes. */
const dataMaxLength = 1024 * 1024;

export const remoteControlOperations = {
  'remote.unlock': stream({
    summary: 'Release the cable of a connector',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, connector: Type.Integer({ minimum: 1 }), timeoutMs }),
    output: bulkOutcome,
    run: (context, { targets, concurrency, connector, timeoutMs }) =>
      bulk(context, targets, { concurrency }, async (station, signal) => {
        await context.store.read((r) => findConnector(r, station, connector));
        const { status } = await wish(
          context,
          station,
          {
            action: 'UnlockConnector',
            payload: { connectorId: connector },
            to: `unlock connector ${connector}`,
            refusals: {
              UnlockFailed: 'the cable is held; somebody has to look at it on the spot',
              NotSupported: 'it has no such connector, or none that can be unlocked',
            },
          },
          { timeoutMs, signal },
        );
        return { status, message: `${station.id} has unlocked connector ${connector}.` };
      }),
  }),

  'remote.clear-cache': stream({
    summary: 'Make stations forget the tags they have seen',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, timeoutMs }),
    output: bulkOutcome,
    run: (context, { targets, concurrency, timeoutMs }) =>
      bulk(context, targets, { concurrency }, async (station, signal) => {
        const { status } = await wish(
          context,
          station,
          {
            action: 'ClearCache',
            payload: {},
            to: 'clear its cache of tags',
            refusals: { Rejected: 'it has none, or could not clear it' },
          },
          { timeoutMs, signal },
        );
        return { status, message: `${station.id} has cleared its cache of tags.` };
      }),
  }),

  'remote.data-transfer': stream({
    summary: "Send a vendor's own message to stations",
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      vendor: Type.String({ minLength: 1, maxLength: 255 }),
      messageId: Type.Optional(Type.String({ maxLength: 50 })),
      data: Type.Optional(Type.String({ maxLength: dataMaxLength })),
      timeoutMs,
    }),
    /** In `detail`: `data`, what the station answered with, null when that was nothing. */
    output: bulkOutcome,
    run: (context, { targets, concurrency, vendor, messageId, data, timeoutMs }) =>
      bulk(context, targets, { concurrency }, async (station, signal) => {
        const { status, answer } = await wish(
          context,
          station,
          {
            action: 'DataTransfer',
            payload: {
              vendorId: vendor,
              ...(messageId !== undefined && { messageId }),
              ...(data !== undefined && { data }),
            },
            to: `take the data of ${vendor}`,
            refusals: {
              Rejected: 'it knows the message, but does not take it',
              UnknownVendorId: 'it knows nothing of this vendor',
              UnknownMessageId: 'it does not know this message of the vendor',
            },
          },
          { timeoutMs, signal },
        );
        const given = answer.data ?? null;
        const said = given === null ? '' : `: ${typeof given === 'string' ? given : JSON.stringify(given)}`;
        return {
          status,
          message: `${station.id} answered ${status}${said}.`,
          detail: { data: given },
        };
      }),
  }),
};

import { withCall } from '../acting-fleet.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import { only } from './only.js';
import { scopedMessages } from './scoped-messages.js';
import { scopedStore } from './scoped-repositories.js';
import { refusalFor, Sight } from './sight.js';

/** A new port does not compile until it says here what of it is seen. */
type EveryPort = { readonly [Name in keyof Required<OperationContext>]: OperationContext[Name] };

/**
 * The context as far as its caller may see: what lies outside of their sites, or belongs to somebody else, does not
 * exist for them.
 */
export function scoped(context: OperationContext): OperationContext {
  const { caller } = context;
  if (caller.role === 'driver') return ofDriver(context);
  // A site-admin who is for no site is for nothing, whatever else is said.
  return caller.siteUuids === null && caller.role !== 'site-admin' ? context : atSites(context);
}

function atSites(context: OperationContext): EveryPort {
  const { caller, clock, live, firmware, messages } = context;
  const store = scopedStore(context.store, caller);
  const refusal = () => refusalFor(caller);
  return {
    store,
    wholeStore: context.store,
    admin: only({}, refusal),
    messages: scopedMessages(messages, store, clock),
    clock,
    newId: context.newId,
    newSecret: context.newSecret,
    passwords: context.passwords,
    live: live && withinSight(live, context),
    // It says that something happened, not what.
    feed: context.feed,
    // Images are changed by those who are for the whole fleet.
    firmware: firmware && { files: only({}, refusal), changes: firmware.changes },
    // It is made and given away by those who are for the whole fleet.
    certificates: context.certificates,
    // These two are asked with what the store has shown before.
    exchange: context.exchange,
    diagnosticsFiles: context.diagnosticsFiles,
    server: context.server,
    // Mail is a matter of the whole fleet.
    mail: undefined,
    caller,
    signal: context.signal,
  };
}

function ofDriver(context: OperationContext): EveryPort {
  const { caller, clock, newId, newSecret, passwords, signal } = context;
  const refusal = () => refusalFor(caller);
  return {
    store: scopedStore(context.store, caller),
    wholeStore: undefined,
    admin: only({}, refusal),
    messages: {
      list: () => {
        throw refusal();
      },
      follow: () => {
        throw refusal();
      },
    },
    clock,
    newId,
    newSecret,
    passwords,
    live: undefined,
    feed: undefined,
    firmware: undefined,
    certificates: undefined,
    exchange: undefined,
    diagnosticsFiles: undefined,
    server: undefined,
    mail: undefined,
    caller,
    signal,
  };
}

/** Looked at again before anything is sent: a station may have been moved since it was found. */
function withinSight(live: LiveFleet, { store, caller }: OperationContext): LiveFleet {
  return withCall(live, async (station, action, payload, options) => {
    await store.read((r) => new Sight(r, caller).checkStation(station.uuid));
    return live.call(station, action, payload, options);
  });
}

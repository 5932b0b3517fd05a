import type { Registration } from '../../domain/model.js';
import type { Payload } from '../../ocpp/frame.js';
import { RpcError } from '../../ocpp/rpc-error.js';
import type { Breach } from '../../ocpp/v16/breach.js';
import {
  checkRequest,
  checkResponse,
  readRequest,
  readResponse,
  requireAction,
} from '../../ocpp/v16/validate.js';
import { cutTexts } from './cut-texts.js';
import type { Handler16, HandlerContext, StationAction16 } from './handler.js';
import { handlers16 } from './handlers/table.js';

/** OCPP 1.6 between the wire and the rules: reads leniently, answers strictly. */

/**
 * Answers one call of a station.
 * @param tolerated is told what departs from the specification and was understood all the same
 * @throws RpcError to answer as a CALLERROR; at once or as a rejection
 */
export function answer16(
  call: { readonly action: string; readonly payload: Payload },
  context: HandlerContext,
  registration: Registration,
  tolerated: (action: string, breaches: readonly Breach[]) => void,
): Promise<Payload> {
  const action = requireAction(call.action, 'station');
  if (registration !== 'accepted' && action !== 'BootNotification' && !mayPending(registration, action)) {
    throw new RpcError('SecurityError', `The station is ${registration}; only BootNotification is answered`);
  }
  return handle(action, call.payload, context, tolerated);
}

async function handle<A extends StationAction16>(
  action: A,
  payload: Payload,
  context: HandlerContext,
  tolerated: (action: string, breaches: readonly Breach[]) => void,
): Promise<Payload> {
  const { value, breaches } = readRequest(action, payload);
  const handler = handlers16[action] as Handler16<A>;
  if (breaches.length === 0) return checkResponse(action, await handler(value, context));
  tolerated(action, breaches);
  return checkResponse(action, await handler(cutTexts(value), context));
}

/** While pending, a station may send what a TriggerMessage asked it for (OCPP 1.6 §4.2.1). */
const triggered: ReadonlySet<StationAction16> = new Set([
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'StatusNotification',
]);

function mayPending(registration: Registration, action: StationAction16): boolean {
  return registration === 'pending' && triggered.has(action);
}

/**
 * Sends a call to a station and reads its answer.
 * @throws InvalidPayloadError when the payload must not be sent; RpcError when the answer is a CALLERROR or nonsense
 */
export async function call16(
  action: string,
  payload: Payload,
  send: (action: string, payload: Payload) => Promise<Payload>,
): Promise<Payload> {
  const known = requireAction(action, 'central');
  const answer = await send(known, checkRequest(known, payload));
  return readResponse(known, answer).value;
}

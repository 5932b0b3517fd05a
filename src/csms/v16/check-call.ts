import { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { actions16 } from '../../ocpp/v16/actions.js';
import { checkRequest, InvalidPayloadError, requireAction } from '../../ocpp/v16/validate.js';

const toStations = Object.entries(actions16)
  .filter(([, { sender }]) => sender !== 'station')
  .map(([name]) => name)
  .sort();

/** What a person wants to send to a station. @throws FleetError USAGE when it is no message that may be sent */
export function checkCall16(action: string, payload: Record<string, unknown>): void {
  if (!toStations.includes(action)) throw unknownAction(action);
  try {
    checkRequest(requireAction(action, 'central'), payload);
  } catch (error) {
    if (!(error instanceof InvalidPayloadError)) throw error;
    const place = error.path === '' ? 'the payload' : `${error.path} in the payload`;
    throw new FleetError('USAGE', `${action}: ${place} ${error.detail}.`, { cause: error });
  }
}

function unknownAction(action: string): FleetError {
  if (Object.hasOwn(actions16, action)) {
    return new FleetError('USAGE', `${action} is sent by stations, not to them.`, {
      suggestions: [`A station sends it when asked to: TriggerMessage {"requestedMessage":"${action}"}`],
    });
  }
  const near = nearest(action, toStations);
  return new FleetError('USAGE', `OCPP 1.6 has no action ${JSON.stringify(action)}.`, {
    suggestions:
      near === undefined ? [`The actions are: ${toStations.join(', ')}.`] : [`Did you mean ${near}?`],
  });
}

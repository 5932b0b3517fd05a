import type { InboundCall } from '../../ocpp/inbound-calls.js';
import { RpcError } from '../../ocpp/rpc-error.js';
import { codeOfRule } from '../../ocpp/v16/breach.js';
import { checkRequest, checkResponse, InvalidPayloadError, requireAction } from '../../ocpp/v16/validate.js';
import type { Handled } from '../connection.js';
import type { StationParts } from '../station-parts.js';
import {
  certificateSigned,
  deleteCertificate,
  getInstalledCertificateIds,
  installCertificate,
} from './certificates.js';
import { changeAvailability } from './change-availability.js';
import { changeConfiguration } from './change-configuration.js';
import { clearCache } from './clear-cache.js';
import { dataTransfer } from './data-transfer.js';
import { getDiagnostics, getLog, signedUpdateFirmware, updateFirmware } from './files.js';
import { getConfiguration } from './get-configuration.js';
import type { CentralAction, Handler } from './handler.js';
import { getLocalListVersion, sendLocalList } from './local-list.js';
import { remoteStart } from './remote-start.js';
import { remoteStop } from './remote-stop.js';
import { cancelReservation, reserveNow } from './reservation.js';
import { reset } from './reset.js';
import { clearChargingProfile, getCompositeSchedule, setChargingProfile } from './smart-charging.js';
import { extendedTriggerMessage, triggerMessage } from './trigger-message.js';
import { unlockConnector } from './unlock-connector.js';

const HANDLERS: { readonly [Action in CentralAction]: Handler<Action> } = {
  CancelReservation: cancelReservation,
  CertificateSigned: certificateSigned,
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  ClearCache: clearCache,
  ClearChargingProfile: clearChargingProfile,
  DataTransfer: dataTransfer,
  DeleteCertificate: deleteCertificate,
  ExtendedTriggerMessage: extendedTriggerMessage,
  GetCompositeSchedule: getCompositeSchedule,
  GetConfiguration: getConfiguration,
  GetDiagnostics: getDiagnostics,
  GetInstalledCertificateIds: getInstalledCertificateIds,
  GetLocalListVersion: getLocalListVersion,
  GetLog: getLog,
  InstallCertificate: installCertificate,
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  ReserveNow: reserveNow,
  Reset: reset,
  SendLocalList: sendLocalList,
  SetChargingProfile: setChargingProfile,
  SignedUpdateFirmware: signedUpdateFirmware,
  TriggerMessage: triggerMessage,
  UnlockConnector: unlockConnector,
  UpdateFirmware: updateFirmware,
};

/**
 * Obeys a call of the central system. Commands are checked strictly, as many real stations do: whoever tests a central
 * system wants to hear of its mistakes.
 * @throws RpcError to answer
 */
export function dispatch(call: InboundCall, station: StationParts): Handled {
  const action = requireAction(call.action, 'central');
  // Before acceptance the central system may send nothing to a station that it rejected (OCPP 1.6 §4.2).
  if (station.registration.status === 'Rejected') {
    throw new RpcError('SecurityError', 'The station was rejected and takes no commands');
  }
  return obey(action, call, station);
}

function obey<Action extends CentralAction>(
  action: Action,
  call: InboundCall,
  station: StationParts,
): Handled {
  const { response, after } = HANDLERS[action](parse(action, call), station);
  const checked = checkResponse(action, response);
  return after === undefined ? { response: checked } : { response: checked, after };
}

function parse<Action extends CentralAction>(
  action: Action,
  call: InboundCall,
): ReturnType<typeof checkRequest<Action>> {
  try {
    return checkRequest(action, call.payload);
  } catch (error) {
    if (!(error instanceof InvalidPayloadError)) throw error;
    throw new RpcError(codeOfRule(error.rule), error.message, { path: error.path, rule: error.rule });
  }
}

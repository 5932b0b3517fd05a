import type { ActionName } from '../domain/ocpp-actions.js';
import { plural } from '../domain/plural.js';
import { Fields } from './message-fields.js';
import { metered } from './metered-words.js';

/** What a payload says, without the name of its action; empty when that says it all. */
type Words = (payload: Fields) => string;

interface ActionWords {
  readonly call: Words;
  readonly answer: Words;
}

const nothing: Words = () => '';
const status: Words = (answer) => answer.text('status');
const statusOf: Words = (call) => join(call.text('status'), inRequest(call));
const trigger: Words = (call) =>
  call.has('connectorId')
    ? `${call.text('requestedMessage')} of ${connector(call)}`
    : call.text('requestedMessage');

/** Every message of OCPP 1.6 and its security extension in words. */
const words: Readonly<Record<ActionName, ActionWords>> = {
  Authorize: { call: (call) => `tag ${call.text('idTag')}`, answer: tagInfo },
  BootNotification: {
    call: (call) =>
      join(
        `${call.text('chargePointVendor')} ${call.text('chargePointModel')}`,
        prefixed('firmware ', call.optional('firmwareVersion')),
        prefixed(
          'serial number ',
          call.optional('chargePointSerialNumber') ?? call.optional('chargeBoxSerialNumber'),
        ),
      ),
    answer: (answer) => {
      const verdict = answer.text('status');
      const every = verdict === 'Accepted' ? 'heartbeat every' : 'try again after';
      return join(verdict, `${every} ${answer.number('interval')} s`);
    },
  },
  CancelReservation: { call: (call) => `reservation ${call.text('reservationId')}`, answer: status },
  CertificateSigned: { call: nothing, answer: status },
  ChangeAvailability: {
    call: (call) => `${connector(call)} becomes ${call.text('type')}`,
    answer: status,
  },
  ChangeConfiguration: { call: (call) => `${call.text('key')} = ${call.text('value')}`, answer: status },
  ClearCache: { call: nothing, answer: status },
  ClearChargingProfile: {
    call: (call) =>
      join(
        prefixed('profile ', call.optional('id')),
        call.has('connectorId') ? connector(call) : undefined,
        call.optional('chargingProfilePurpose'),
        prefixed('level ', call.optional('stackLevel')),
      ) || 'all profiles',
    answer: status,
  },
  DataTransfer: {
    call: (call) =>
      withDetail(join(call.text('vendorId'), call.optional('messageId')), call.optional('data')),
    answer: (answer) => withDetail(answer.text('status'), answer.optional('data')),
  },
  DeleteCertificate: {
    call: (call) =>
      prefixed('serial number ', call.fields('certificateHashData')?.optional('serialNumber')) ?? '',
    answer: status,
  },
  DiagnosticsStatusNotification: { call: status, answer: nothing },
  ExtendedTriggerMessage: { call: trigger, answer: status },
  FirmwareStatusNotification: { call: status, answer: nothing },
  GetCompositeSchedule: {
    call: (call) => join(connector(call), `${call.number('duration')} s`, call.optional('chargingRateUnit')),
    answer: (answer) => join(answer.text('status'), schedule(answer.fields('chargingSchedule'))),
  },
  GetConfiguration: {
    call: (call) => call.list('key').map(String).join(', ') || 'all keys',
    answer: configuration,
  },
  GetDiagnostics: {
    call: (call) => `to ${call.text('location')}`,
    answer: (answer) => answer.optional('fileName') ?? 'nothing to upload',
  },
  GetInstalledCertificateIds: {
    call: (call) => call.text('certificateType'),
    answer: (answer) =>
      join(answer.text('status'), plural(answer.list('certificateHashData').length, 'certificate')),
  },
  GetLocalListVersion: { call: nothing, answer: (answer) => `version ${answer.number('listVersion')}` },
  GetLog: {
    call: (call) =>
      join(`${call.text('logType')} to ${call.fields('log')?.text('remoteLocation')}`, inRequest(call)),
    answer: (answer) => join(answer.text('status'), answer.optional('filename')),
  },
  Heartbeat: { call: nothing, answer: (answer) => answer.text('currentTime') },
  InstallCertificate: { call: (call) => call.text('certificateType'), answer: status },
  LogStatusNotification: { call: statusOf, answer: nothing },
  MeterValues: {
    call: (call) =>
      withDetail(
        join(connector(call), prefixed('transaction ', call.optional('transactionId'))),
        metered(call.list('meterValue')),
      ),
    answer: nothing,
  },
  RemoteStartTransaction: {
    call: (call) =>
      join(
        call.has('connectorId') ? connector(call) : undefined,
        `tag ${call.text('idTag')}`,
        call.has('chargingProfile') ? 'with a charging profile' : undefined,
      ),
    answer: status,
  },
  RemoteStopTransaction: { call: (call) => transaction(call), answer: status },
  ReserveNow: {
    call: (call) =>
      `reservation ${call.text('reservationId')}: ${connector(call)} for tag ${call.text('idTag')} until ${call.text('expiryDate')}`,
    answer: status,
  },
  Reset: { call: (call) => call.text('type'), answer: status },
  SecurityEventNotification: {
    call: (call) => withDetail(call.text('type'), call.optional('techInfo')),
    answer: nothing,
  },
  SendLocalList: {
    call: (call) =>
      join(
        call.text('updateType'),
        `version ${call.number('listVersion')}`,
        plural(call.list('localAuthorizationList').length, 'tag'),
      ),
    answer: status,
  },
  SetChargingProfile: {
    call: (call) => withDetail(connector(call), profile(call.fields('csChargingProfiles'))),
    answer: status,
  },
  SignCertificate: { call: nothing, answer: status },
  SignedFirmwareStatusNotification: { call: statusOf, answer: nothing },
  SignedUpdateFirmware: {
    call: (call) => {
      const firmware = call.fields('firmware');
      return join(`${firmware?.text('location')} at ${firmware?.text('retrieveDateTime')}`, inRequest(call));
    },
    answer: status,
  },
  StartTransaction: {
    call: (call) => join(connector(call), `tag ${call.text('idTag')}`, meter(call, 'meterStart')),
    answer: (answer) => join(tagInfo(answer), transaction(answer)),
  },
  StatusNotification: { call: connectorStatus, answer: nothing },
  StopTransaction: {
    call: (call) =>
      join(
        transaction(call),
        meter(call, 'meterStop'),
        call.optional('reason'),
        prefixed('tag ', call.optional('idTag')),
      ),
    answer: (answer) => (answer.has('idTagInfo') ? tagInfo(answer) : ''),
  },
  TriggerMessage: { call: trigger, answer: status },
  UnlockConnector: { call: connector, answer: status },
  UpdateFirmware: {
    call: (call) => `${call.text('location')} at ${call.text('retrieveDate')}`,
    answer: nothing,
  },
};

/**
 * What a call or its answer says, without its action; undefined for an action that is not known.
 * @throws UnreadablePayload when the payload is not what the action should have
 */
export function wordsFor(action: string, type: 'call' | 'result', payload: unknown): string | undefined {
  if (!Object.hasOwn(words, action)) return undefined;
  const { call, answer } = words[action as ActionName];
  return (type === 'call' ? call : answer)(new Fields(payload));
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

function withDetail(what: string, detail: string | undefined): string {
  return detail === undefined || detail === '' ? what : `${what}: ${detail}`;
}

function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `${prefix}${text}`;
}

/** 0 is the station as a whole. */
function connector(payload: Fields): string {
  const number = payload.number('connectorId');
  return number === 0 ? 'the station' : `connector ${number}`;
}

function transaction(payload: Fields): string {
  return `transaction ${payload.text('transactionId')}`;
}

function inRequest(payload: Fields): string | undefined {
  return prefixed('request ', payload.optional('requestId'));
}

function meter(payload: Fields, name: string): string {
  return `meter at ${Number((payload.number(name) / 1000).toFixed(3))} kWh`;
}

function tagInfo(answer: Fields): string {
  const info = answer.fields('idTagInfo');
  return join(
    info?.text('status'),
    prefixed('until ', info?.optional('expiryDate')),
    prefixed('parent ', info?.optional('parentIdTag')),
  );
}

function connectorStatus(call: Fields): string {
  const state = `${connector(call)} is ${call.text('status')}`;
  const errorCode = call.optional('errorCode');
  const details = [call.optional('vendorErrorCode'), call.optional('info')].filter(Boolean);
  const error = errorCode === undefined || errorCode === 'NoError' ? [] : [errorCode];
  return withDetail(state, [...error, ...details].join(', '));
}

/** Keys that are shown one by one. */
const keysShownMax = 3;

function configuration(answer: Fields): string {
  const keys = answer.list('configurationKey').map((entry) => new Fields(entry));
  const unknown = answer.list('unknownKey').map(String);
  const known =
    keys.length <= keysShownMax
      ? keys.map((entry) => `${entry.text('key')} = ${entry.optional('value') ?? ''}`.trimEnd()).join(', ')
      : plural(keys.length, 'key');
  return join(known, unknown.length === 0 ? undefined : `unknown: ${unknown.join(', ')}`) || 'no keys';
}

function profile(fields: Fields | undefined): string | undefined {
  if (!fields) return undefined;
  return join(
    `${fields.text('chargingProfilePurpose')} ${fields.text('chargingProfileId')}`,
    `level ${fields.number('stackLevel')}`,
    schedule(fields.fields('chargingSchedule')),
  );
}

function schedule(fields: Fields | undefined): string | undefined {
  if (!fields) return undefined;
  const periods = fields.list('chargingSchedulePeriod').map((period) => new Fields(period));
  const [first] = periods;
  if (periods.length !== 1 || !first) return plural(periods.length, 'period');
  return `${first.number('limit')} ${fields.text('chargingRateUnit')}`;
}

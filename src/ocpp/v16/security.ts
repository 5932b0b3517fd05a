import { Type } from '@sinclair/typebox';
import { triggerStatus } from './remote-trigger.js';
import { integer, listOf, message, oneOf, text, time } from './schema-kit.js';
import { acceptedOrRejected, connector, emptyMessage } from './types.js';

/**
 * The messages that the white paper "Improved security for OCPP 1.6-J" adds. Certificates and requests are PEM.
 */

const certificateType = oneOf(['CentralSystemRootCertificate', 'ManufacturerRootCertificate']);

const certificateHashData = message({
  hashAlgorithm: oneOf(['SHA256', 'SHA384', 'SHA512']),
  issuerNameHash: text(128),
  issuerKeyHash: text(128),
  serialNumber: text(40),
});

export const certificateSigned = {
  request: message({ certificateChain: text(10_000) }),
  response: message({ status: acceptedOrRejected }),
};

export const deleteCertificate = {
  request: message({ certificateHashData }),
  response: message({ status: oneOf(['Accepted', 'Failed', 'NotFound']) }),
};

export const extendedTriggerMessage = {
  request: message({
    requestedMessage: oneOf([
      'BootNotification',
      'LogStatusNotification',
      'FirmwareStatusNotification',
      'Heartbeat',
      'MeterValues',
      'SignChargePointCertificate',
      'StatusNotification',
    ]),
    connectorId: Type.Optional(connector),
  }),
  response: message({ status: triggerStatus }),
};

export const getInstalledCertificateIds = {
  request: message({ certificateType }),
  response: message({
    certificateHashData: Type.Optional(listOf(certificateHashData, { minItems: 1, dropBadItems: true })),
    status: oneOf(['Accepted', 'NotFound']),
  }),
};

export const getLog = {
  request: message({
    log: message({
      remoteLocation: text(512),
      oldestTimestamp: Type.Optional(time()),
      latestTimestamp: Type.Optional(time()),
    }),
    logType: oneOf(['DiagnosticsLog', 'SecurityLog']),
    requestId: integer(),
    retries: Type.Optional(integer()),
    /** Seconds. */
    retryInterval: Type.Optional(integer()),
  }),
  response: message({
    status: oneOf(['Accepted', 'Rejected', 'AcceptedCanceled']),
    filename: Type.Optional(text(255)),
  }),
};

export const installCertificate = {
  request: message({ certificateType, certificate: text(5_500) }),
  response: message({ status: oneOf(['Accepted', 'Failed', 'Rejected']) }),
};

export const logStatusNotification = {
  request: message({
    status: oneOf([
      'BadMessage',
      'Idle',
      'NotSupportedOperation',
      'PermissionDenied',
      'Uploaded',
      'UploadFailure',
      'Uploading',
    ]),
    requestId: Type.Optional(integer()),
  }),
  response: emptyMessage,
};

export const securityEventNotification = {
  /** `type` is open: the white paper lists names, vendors have their own. */
  request: message({
    type: text(50),
    timestamp: time({ mayStayMissing: true }),
    techInfo: Type.Optional(text(255)),
  }),
  response: emptyMessage,
};

export const signCertificate = {
  request: message({ csr: text(5_500) }),
  response: message({ status: acceptedOrRejected }),
};

export const signedFirmwareStatusNotification = {
  request: message({
    status: oneOf([
      'Downloaded',
      'DownloadFailed',
      'Downloading',
      'DownloadScheduled',
      'DownloadPaused',
      'Idle',
      'InstallationFailed',
      'Installing',
      'Installed',
      'InstallRebooting',
      'InstallScheduled',
      'InstallVerificationFailed',
      'InvalidSignature',
      'SignatureVerified',
    ]),
    requestId: Type.Optional(integer()),
  }),
  response: emptyMessage,
};

export const signedUpdateFirmware = {
  request: message({
    retries: Type.Optional(integer()),
    /** Seconds. */
    retryInterval: Type.Optional(integer()),
    requestId: integer(),
    firmware: message({
      location: text(512),
      retrieveDateTime: time(),
      installDateTime: Type.Optional(time()),
      signingCertificate: text(5_500),
      signature: text(800),
    }),
  }),
  response: message({
    status: oneOf(['Accepted', 'Rejected', 'AcceptedCanceled', 'InvalidCertificate', 'RevokedCertificate']),
  }),
};

import type { ActionName16, actions16, Request16, Response16 } from '../../../src/ocpp/v16/actions.js';

type SecurityAction = {
  [Action in ActionName16]: (typeof actions16)[Action]['profile'] extends 'Security' ? Action : never;
}[ActionName16];

type SecuritySamples = {
  readonly [Action in SecurityAction]: {
    readonly request: readonly Request16<Action>[];
    readonly response: readonly Response16<Action>[];
  };
};

const time = '2026-03-29T01:30:00.000Z';
const later = '2026-03-29T03:30:00+02:00';
const hash = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'a1'.repeat(32),
  issuerKeyHash: 'b2'.repeat(32),
  serialNumber: '0A1B2C',
} as const;

/** The messages of the security extension. */
export const securitySamples: SecuritySamples = {
  CertificateSigned: {
    request: [{ certificateChain: 'c'.repeat(10_000) }],
    response: [{ status: 'Accepted' }],
  },
  DeleteCertificate: { request: [{ certificateHashData: hash }], response: [{ status: 'NotFound' }] },
  ExtendedTriggerMessage: {
    request: [
      { requestedMessage: 'SignChargePointCertificate' },
      { requestedMessage: 'MeterValues', connectorId: 2 },
    ],
    response: [{ status: 'Accepted' }],
  },
  GetInstalledCertificateIds: {
    request: [{ certificateType: 'CentralSystemRootCertificate' }],
    response: [{ status: 'NotFound' }, { status: 'Accepted', certificateHashData: [hash] }],
  },
  GetLog: {
    request: [
      { log: { remoteLocation: 'https://example.com/log' }, logType: 'SecurityLog', requestId: 1 },
      {
        log: { remoteLocation: 'https://example.com/log', oldestTimestamp: time, latestTimestamp: later },
        logType: 'DiagnosticsLog',
        requestId: 2,
        retries: 1,
        retryInterval: 10,
      },
    ],
    response: [{ status: 'Accepted' }, { status: 'AcceptedCanceled', filename: 'security.log' }],
  },
  InstallCertificate: {
    request: [{ certificateType: 'ManufacturerRootCertificate', certificate: 'c'.repeat(5_500) }],
    response: [{ status: 'Failed' }],
  },
  LogStatusNotification: {
    request: [{ status: 'Idle' }, { status: 'UploadFailure', requestId: 1 }],
    response: [{}],
  },
  SecurityEventNotification: {
    request: [
      { type: 'StartupOfTheDevice', timestamp: time },
      { type: 'VendorOwnEvent', timestamp: later, techInfo: 'i'.repeat(255) },
    ],
    response: [{}],
  },
  SignCertificate: { request: [{ csr: 'r'.repeat(5_500) }], response: [{ status: 'Accepted' }] },
  SignedFirmwareStatusNotification: {
    request: [{ status: 'InstallRebooting' }, { status: 'InvalidSignature', requestId: 1 }],
    response: [{}],
  },
  SignedUpdateFirmware: {
    request: [
      {
        requestId: 1,
        firmware: {
          location: 'https://example.com/fw.bin',
          retrieveDateTime: time,
          signingCertificate: 'c'.repeat(5_500),
          signature: 's'.repeat(800),
        },
      },
      {
        requestId: 2,
        retries: 3,
        retryInterval: 60,
        firmware: {
          location: 'https://example.com/fw.bin',
          retrieveDateTime: time,
          installDateTime: later,
          signingCertificate: 'c',
          signature: 's',
        },
      },
    ],
    response: [{ status: 'RevokedCertificate' }],
  },
};

import type { AddressInfo } from 'node:net';
import { RPCServer } from 'ocpp-rpc';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { FakeClock } from './fake-clock.js';
import { CAR } from './stage.js';

type Params = Record<string, unknown>;

/** The little of the package's server-side client that is used here; its own types do not cover `handle` by name. */
interface Client {
  handle(action: string, handler: (call: { params: Params }) => Params): void;
  handle(handler: (call: { method: string; params: Params }) => Params): void;
  call(action: string, params: Params): Promise<Params>;
  on(event: string, listener: (detail: unknown) => void): void;
}

const NOW = '2026-03-01T12:00:00.000Z';
const TAG = { idTagInfo: { status: 'Accepted' } };
const ANSWERS: Readonly<Record<string, Params>> = {
  BootNotification: { status: 'Accepted', currentTime: NOW, interval: 60 },
  Authorize: TAG,
  StartTransaction: { ...TAG, transactionId: 11 },
  StopTransaction: TAG,
  Heartbeat: { currentTime: NOW },
};

let server: RPCServer;
let port: number;
let client: Promise<Client>;
let objections: unknown[];
let heard: { method: string; params: Params }[];

beforeEach(async () => {
  objections = [];
  heard = [];
  server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: ['ocpp1.6'] });
  server.auth((accept) => accept());
  client = new Promise((resolve) => {
    server.on('client', (connected: Client) => {
      for (const event of ['strictValidationFailure', 'badMessage']) {
        connected.on(event, (detail) => objections.push(detail));
      }
      connected.handle(({ method, params }) => {
        heard.push({ method, params });
        return ANSWERS[method] ?? {};
      });
      resolve(connected);
    });
  });
  const http = await server.listen(0, '127.0.0.1');
  ({ port } = http.address() as AddressInfo);
});

afterEach(() => server.close({ force: true }));

describe('against the central system of ocpp-rpc in strict mode', () => {
  it.each([{ kind: 'ac', phases: 3, currentA: 32 } as const, { kind: 'dc', powerW: 150_000 } as const])(
    'sends nothing that its schemas object to ($kind)',
    async (outlet) => {
      const clock = new FakeClock();
      const station = new VirtualStation({
        url: `ws://127.0.0.1:${port}/ocpp`,
        identity: 'S1',
        clock,
        random: seededRandom(4),
        outlet,
        connectors: 2,
        configuration: {
          WebSocketPingInterval: '0',
          MeterValuesSampledData:
            'Energy.Active.Import.Register,Energy.Active.Import.Interval,Power.Active.Import,Power.Offered,' +
            'Current.Import,Current.Offered,Voltage,SoC,Temperature',
          StopTxnSampledData: 'Energy.Active.Import.Register,Voltage.L1',
        },
      });
      station.start();
      await station.untilAccepted();
      const central = await client;
      const status = async (action: string, params: Params = {}) =>
        (await central.call(action, params)).status;

      station.plugIn(1, CAR);
      expect(await status('RemoteStartTransaction', { idTag: 'TAG', connectorId: 1 })).toBe('Accepted');
      const transactionId = await station.untilTransaction(1);
      for (let minute = 0; minute < 3; minute += 1) {
        await station.untilFlushed();
        clock.advance(60_000);
      }
      const csChargingProfiles = {
        chargingProfileId: 1,
        stackLevel: 1,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: {
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 6.5 },
            { startPeriod: 600, limit: 16 },
          ],
        },
      };
      expect(await status('SetChargingProfile', { connectorId: 0, csChargingProfiles })).toBe('Accepted');
      for (const chargingRateUnit of ['A', 'W']) {
        const request = { connectorId: 1, duration: 3_600, chargingRateUnit };
        expect(await status('GetCompositeSchedule', request)).toBe('Accepted');
      }
      for (const requestedMessage of [
        'Heartbeat',
        'MeterValues',
        'StatusNotification',
        'FirmwareStatusNotification',
      ]) {
        expect(await status('TriggerMessage', { requestedMessage })).toBe('Accepted');
        expect(await status('ExtendedTriggerMessage', { requestedMessage })).toBe('Accepted');
      }
      expect(await status('ExtendedTriggerMessage', { requestedMessage: 'LogStatusNotification' })).toBe(
        'Accepted',
      );
      expect(await central.call('GetConfiguration', {})).toHaveProperty('configurationKey');
      expect(await central.call('GetConfiguration', { key: ['Nonsense'] })).toHaveProperty('unknownKey');
      expect(await status('ChangeConfiguration', { key: 'HeartbeatInterval', value: '30' })).toBe('Accepted');
      expect(await status('ChangeAvailability', { connectorId: 2, type: 'Inoperative' })).toBe('Accepted');
      expect(await status('UnlockConnector', { connectorId: 2 })).toBe('Unlocked');
      expect(await central.call('GetLocalListVersion', {})).toEqual({ listVersion: 0 });
      expect(await status('SendLocalList', { listVersion: 1, updateType: 'Full' })).toBe('Accepted');
      expect(await status('ClearCache')).toBe('Accepted');
      expect(await status('DataTransfer', { vendorId: 'acme' })).toBe('UnknownVendorId');
      const reservation = {
        connectorId: 1,
        expiryDate: '2026-03-01T14:00:00Z',
        idTag: 'T',
        reservationId: 1,
      };
      expect(await status('ReserveNow', reservation)).toBe('Occupied');
      expect(await status('CancelReservation', { reservationId: 1 })).toBe('Rejected');
      expect(await status('ClearChargingProfile')).toBe('Accepted');
      await central.call('GetDiagnostics', { location: 'ftp://127.0.0.1/x' });
      await central.call('UpdateFirmware', { location: 'ftp://127.0.0.1/x', retrieveDate: NOW });
      expect(await status('RemoteStopTransaction', { transactionId })).toBe('Accepted');
      const log = { logType: 'DiagnosticsLog', requestId: 1, log: { remoteLocation: 'ftp://127.0.0.1/x' } };
      expect(await status('GetLog', log)).toMatch(/^Accepted/);
      const image = {
        location: 'ftp://127.0.0.1/x',
        retrieveDateTime: NOW,
        signingCertificate: 'x',
        signature: 'x',
      };
      expect(await status('SignedUpdateFirmware', { requestId: 2, firmware: image })).toMatch(/^Accepted/);
      expect(await status('CertificateSigned', { certificateChain: 'x' })).toBe('Rejected');
      await station.untilFlushed();
      await station.stop();

      expect(objections).toEqual([]);
      const actions = new Set(heard.map((one) => one.method));
      expect([...actions].sort()).toEqual([
        'Authorize',
        'BootNotification',
        'DiagnosticsStatusNotification',
        'FirmwareStatusNotification',
        'Heartbeat',
        'LogStatusNotification',
        'MeterValues',
        'SecurityEventNotification',
        'SignedFirmwareStatusNotification',
        'StartTransaction',
        'StatusNotification',
        'StopTransaction',
      ]);
      expect(clock.pending).toBe(0);
    },
  );
});

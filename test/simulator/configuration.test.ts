import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

async function entries(
  keys?: string[],
): Promise<{ known: Record<string, string | undefined>; unknown: unknown }> {
  const { payload } = await stage.call('GetConfiguration', keys === undefined ? {} : { key: keys });
  const list = (payload?.configurationKey ?? []) as { key: string; value?: string }[];
  return {
    known: Object.fromEntries(list.map(({ key, value }) => [key, value])),
    unknown: payload?.unknownKey,
  };
}

describe('configuration', () => {
  it('lists everything, or what was asked for', async () => {
    await stage.accepted({ connectors: 2 });
    const all = await entries();
    expect(Object.keys(all.known).length).toBeGreaterThan(40);
    expect(all.known).toMatchObject({ NumberOfConnectors: '2', HeartbeatInterval: '300' });
    expect(all.known.AuthorizationKey).toBeUndefined();
    expect(all.unknown).toBeUndefined();
    const some = await entries(['heartbeatinterval', 'Nonsense']);
    expect(some).toEqual({ known: { HeartbeatInterval: '300' }, unknown: ['Nonsense'] });
    const keys = Array.from({ length: 51 }, (_none, index) => `K${index}`);
    expect((await stage.call('GetConfiguration', { key: keys })).error).toBe('OccurenceConstraintViolation');
    expect((await entries(keys.slice(0, 50))).unknown).toHaveLength(50);
  });

  it.each([
    ['HeartbeatInterval', '60', 'Accepted'],
    ['heartbeatinterval', '60', 'Accepted'],
    ['HeartbeatInterval', 'soon', 'Rejected'],
    ['HeartbeatInterval', '-1', 'Rejected'],
    ['LocalPreAuthorize', 'TRUE', 'Accepted'],
    ['LocalPreAuthorize', 'yes', 'Rejected'],
    ['NumberOfConnectors', '9', 'Rejected'],
    ['MeterValuesSampledData', 'Power.Active.Import,Voltage.L1', 'Accepted'],
    ['MeterValuesSampledData', 'Frequency', 'Rejected'],
    ['ConnectorPhaseRotation', '0.RST,1.RTS', 'RebootRequired'],
    ['ConnectorPhaseRotation', 'sideways', 'Rejected'],
    ['AuthorizationKey', 'too short', 'Rejected'],
    ['VendorKey', '1', 'NotSupported'],
  ])('%s = %s: %s', async (key, value, status) => {
    await stage.accepted();
    expect(await stage.status('ChangeConfiguration', { key, value })).toBe(status);
  });

  it('takes a new value after the reboot when it says so', async () => {
    const station = await stage.accepted();
    await stage.status('ChangeConfiguration', { key: 'ConnectorPhaseRotation', value: '1.RTS' });
    expect((await entries(['ConnectorPhaseRotation'])).known.ConnectorPhaseRotation).toBe('0.RST');
    await stage.status('Reset', { type: 'Soft' });
    await station.until((one) => one.registration === 'None');
    stage.clock.advance(5_000);
    await station.untilAccepted();
    await station.untilFlushed();
    expect((await entries(['ConnectorPhaseRotation'])).known.ConnectorPhaseRotation).toBe('1.RTS');
  });

  it('HeartbeatInterval and MeterValueSampleInterval take effect at once', async () => {
    const station = await stage.charging();
    await stage.status('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '5' });
    const before = stage.central.payloads('MeterValues').length;
    await stage.pass(station, 10_000, 5_000);
    expect(stage.central.payloads('MeterValues').length).toBe(before + 2);
    await stage.status('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '0' });
    await stage.status('ChangeConfiguration', { key: 'HeartbeatInterval', value: '30' });
    await stage.pass(station, 30_000);
    expect(stage.central.payloads('Heartbeat')).toHaveLength(1);
  });

  it('uses a new AuthorizationKey from the next connection on, which follows at once', async () => {
    const station = await stage.accepted({ password: 'old-password-1234' });
    const value = '000102030405060708090a0b0c0d0e0fffffffff';
    expect(await stage.status('ChangeConfiguration', { key: 'AuthorizationKey', value })).toBe('Accepted');
    await stage.central.until(() => stage.central.handshakes.length === 2);
    await station.untilAccepted();
    const sent = stage.central.handshakes.map((one) =>
      Buffer.from(one.authorization?.split(' ')[1] ?? '', 'base64'),
    );
    expect(sent[0]?.toString()).toBe('S1:old-password-1234');
    expect(sent[1]?.subarray(3).toString('hex')).toBe(value);
  });
});

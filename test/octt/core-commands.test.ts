import { describe, expect, it } from 'vitest';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Core: commands to the station. */

describe('reset', () => {
  it.each([
    ['TC_013_CSMS', 'Hard'],
    ['TC_014_CSMS', 'Soft'],
  ] as const)('%s: a %s reset is accepted; the station comes back and boots', async (_, type) => {
    const bench = await Certification.begin();
    bench.answers('Reset', { status: 'Accepted' });
    expect(await bench.call('Reset', { type })).toEqual({ status: 'Accepted' });
    expect(await bench.asked('Reset')).toEqual({ type });
    await bench.reboot();
    expect(await bench.server.fleet.run('station.show', { id: 'OCTT' })).toMatchObject({ online: true });
  });
});

describe('unlock', () => {
  it('TC_017_1_CSMS: the cable comes off while nothing charges', async () => {
    const bench = await Certification.begin();
    bench.answers('UnlockConnector', { status: 'Unlocked' });
    expect(await bench.call('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'Unlocked' });
    expect(await bench.asked('UnlockConnector')).toEqual({ connectorId: 1 });
  });

  it('TC_017_2_CSMS: a cable that is fixed cannot come off', async () => {
    const bench = await Certification.begin();
    bench.answers('UnlockConnector', { status: 'NotSupported' });
    await bench.refused('UnlockConnector', { connectorId: 1 }, 'NotSupported');
  });

  it('TC_018_1_CSMS: a session that runs is stopped by it', async () => {
    const bench = await Certification.begin();
    bench.answers('UnlockConnector', { status: 'Unlocked' });
    const id = await bench.charging();
    expect(await bench.call('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'Unlocked' });
    await bench.stop(id, 'UnlockCommand');
    await bench.free();
    expect(await bench.session(id)).toMatchObject({ state: 'ended', stopReason: 'UnlockCommand' });
  });

  it('TC_030_CSMS: the lock is stuck', async () => {
    const bench = await Certification.begin();
    bench.answers('UnlockConnector', { status: 'UnlockFailed' });
    await bench.refused('UnlockConnector', { connectorId: 1 }, 'UnlockFailed');
  });

  it('TC_031_CSMS: there is no such connector', async () => {
    const bench = await Certification.begin();
    bench.answers('UnlockConnector', { status: 'NotSupported' });
    await bench.refused('UnlockConnector', { connectorId: 9 }, 'NotSupported');
  });
});

describe('configuration', () => {
  const interval = 'MeterValueSampleInterval';

  it('TC_019_1_CSMS: all keys are read by a request that names none', async () => {
    const bench = await Certification.begin();
    const all = [
      { key: 'HeartbeatInterval', readonly: false, value: '300' },
      { key: 'AuthorizationKey', readonly: false },
    ];
    bench.answers('GetConfiguration', { configurationKey: all });
    expect(await bench.call('GetConfiguration', {})).toEqual({ configurationKey: all });
    expect(await bench.asked('GetConfiguration')).toEqual({});
  });

  it('TC_019_2_CSMS: one key is read by its name', async () => {
    const bench = await Certification.begin();
    const found = [{ key: 'SupportedFeatureProfiles', readonly: true, value: 'Core,RemoteTrigger' }];
    bench.answers('GetConfiguration', { configurationKey: found });
    const request = { key: ['SupportedFeatureProfiles'] };
    expect(await bench.call('GetConfiguration', request)).toEqual({ configurationKey: found });
    expect(await bench.asked('GetConfiguration')).toEqual(request);
  });

  it('TC_021_CSMS: a key is changed', async () => {
    const bench = await Certification.begin();
    bench.answers('ChangeConfiguration', { status: 'Accepted' });
    const request = { key: interval, value: '60' };
    expect(await bench.call('ChangeConfiguration', request)).toEqual({ status: 'Accepted' });
    expect(await bench.asked('ChangeConfiguration')).toEqual(request);
  });

  it('TC_040_1_CSMS: a key that the station does not have', async () => {
    const bench = await Certification.begin();
    bench.answers('ChangeConfiguration', { status: 'NotSupported' });
    await bench.refused('ChangeConfiguration', { key: interval, value: '60' }, 'NotSupported');
  });

  it('TC_040_2_CSMS: a value that the station does not take', async () => {
    const bench = await Certification.begin();
    bench.answers('ChangeConfiguration', { status: 'Rejected' });
    await bench.refused('ChangeConfiguration', { key: interval, value: '-1' }, 'Rejected');
  });
});

it('TC_061_CSMS: the cache of tags is emptied', async () => {
  const bench = await Certification.begin();
  bench.answers('ClearCache', { status: 'Accepted' });
  expect(await bench.call('ClearCache', {})).toEqual({ status: 'Accepted' });
  expect(await bench.asked('ClearCache')).toEqual({});
});

it('TC_064_CSMS: a DataTransfer of a vendor that nobody knows is answered with a no', async () => {
  const bench = await Certification.begin();
  const request = { vendorId: 'org.example', messageId: 'Anything', data: '{"a":1}' };
  const { status } = await bench.tell('DataTransfer', request);
  expect(['Rejected', 'UnknownVendorId', 'UnknownMessageId']).toContain(status);
});

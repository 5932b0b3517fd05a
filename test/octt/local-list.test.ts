import { describe, expect, it } from 'vitest';
import type { Request16, Response16 } from '../../src/ocpp/v16/actions.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Local Authorization List Management. */

/** A station with a list of this version that has room. */
async function begin(listVersion = 0): Promise<Certification> {
  const bench = await Certification.begin();
  bench.answers('GetLocalListVersion', { listVersion });
  bench.answers('GetConfiguration', {
    configurationKey: [
      { key: 'SendLocalListMaxLength', readonly: true, value: '20' },
      { key: 'LocalAuthListMaxLength', readonly: true, value: '40' },
      { key: 'LocalAuthListEnabled', readonly: false, value: 'true' },
    ],
  });
  return bench;
}

/** What `evfleet local-list push OCTT` does. */
async function push({ server }: Certification) {
  const input = { targets: { stationIds: ['OCTT'] }, timeoutMs: 30_000 };
  for await (const outcome of server.fleet.stream('local-list.push', input)) return outcome;
  throw new Error('nothing became of it');
}

function version({ server }: Certification) {
  return server.fleet.run('local-list.version', { stationId: 'OCTT', timeoutMs: 30_000 });
}

describe('the version of the list', () => {
  it('TC_042_1_CSMS: the station has no list', async () => {
    const bench = await begin(-1);
    expect(await version(bench)).toMatchObject({ version: -1, isSupported: false });
    expect(await bench.asked('GetLocalListVersion')).toEqual({});
    const message = 'OCTT has no local authorization list: it gives its version as -1.';
    expect(await push(bench)).toMatchObject({ ok: false, code: 'REFUSED', message });
  });

  it('TC_042_2_CSMS: the list is empty', async () => {
    const bench = await begin(0);
    expect(await version(bench)).toMatchObject({ version: 0, isSupported: true });
    expect(await bench.asked('GetLocalListVersion')).toEqual({});
  });
});

describe('the list', () => {
  const whole: Request16<'SendLocalList'> = {
    listVersion: 1,
    updateType: 'Full',
    localAuthorizationList: [{ idTag: 'VALID', idTagInfo: { status: 'Accepted' } }],
  };

  it.each([
    ['TC_043_1_CSMS', 'NotSupported'],
    ['TC_043_3_CSMS', 'Failed'],
  ] as const)('%s: the station answers %s', async (_, status) => {
    const bench = await begin();
    bench.answers('SendLocalList', { status } satisfies Response16<'SendLocalList'>);
    expect(await push(bench)).toMatchObject({ ok: false, code: 'REFUSED', status });
    expect(await bench.asked('SendLocalList')).toEqual(whole);
  });

  it('TC_043_4_CSMS: all of it, every tag with what to do about it', async () => {
    const bench = await begin();
    bench.answers('SendLocalList', { status: 'Accepted' });
    expect(await push(bench)).toMatchObject({ ok: true, detail: { update: 'full', version: 1 } });
    expect(await bench.asked('SendLocalList')).toEqual(whole);
  });

  it('TC_043_5_CSMS: one tag more, after the station was asked for its version', async () => {
    const bench = await begin();
    bench.answers('SendLocalList', { status: 'Accepted' });
    await push(bench);
    bench.answers('GetLocalListVersion', { listVersion: 1 });
    await bench.server.addTag('VALID2');
    expect(await push(bench)).toMatchObject({ ok: true, detail: { update: 'differential', version: 2 } });
    expect(await bench.asked('GetLocalListVersion', 2)).toEqual({});
    expect(await bench.asked('SendLocalList', 2)).toEqual({
      listVersion: 2,
      updateType: 'Differential',
      localAuthorizationList: [{ idTag: 'VALID2', idTagInfo: { status: 'Accepted' } }],
    });
  });
});

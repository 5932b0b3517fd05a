import { describe, expect, it } from 'vitest';
import { ConnectionHistory, type Stay } from '../../src/csms/connection-history.js';
import { MeterInbox } from '../../src/csms/meter-inbox.js';
import type { MeterReport } from '../../src/csms/rules/add-meter-samples.js';
import type { ConnectionStay, MeterSample, Station } from '../../src/domain/model.js';
import type { MeterStore, Repositories, Store } from '../../src/domain/repositories.js';
import { FakeClock } from '../helpers/fake-clock.js';

const broken = new Error('this one cannot be written');

describe('meter values of one turn', () => {
  const report = (id: string): MeterReport => ({
    station: { uuid: id, id },
    receivedAt: 1,
    connector: 0,
    transactionId: undefined,
    measurements: [
      {
        at: 1,
        measurand: 'Voltage',
        value: 230,
        context: 'Sample.Periodic',
        phase: null,
        location: null,
        unit: 'V',
      },
    ] as unknown as MeterReport['measurements'],
  });

  it('that cannot be written together are written one by one: one that is wrong costs no other', async () => {
    const kept: string[] = [];
    const store = {
      read: async (work: (r: Repositories) => Promise<unknown>) => work({} as Repositories),
      addSamples: async (samples: readonly MeterSample[]) => {
        if (samples.some(({ stationUuid }) => stationUuid === 'BAD')) throw broken;
        kept.push(...samples.map(({ stationUuid }) => stationUuid));
      },
    } as unknown as MeterStore;
    const inbox = new MeterInbox(store);
    const outcomes = await Promise.allSettled(['A', 'BAD', 'B'].map((id) => inbox.add(report(id))));
    expect(kept).toEqual(['A', 'B']);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(inbox.add(report('BAD'))).rejects.toBe(broken);
  });
});

describe('stations that come in one turn', () => {
  const stay = (id: string): Stay => ({
    ...{ uuid: `stay-${id}`, station: { uuid: id, id }, protocol: 'ocpp1.6', address: null },
    ...{ openedAt: 1, lastSeenAt: 1 },
  });

  it('are written down though one of them cannot be', async () => {
    const kept: string[] = [];
    const r = {
      stations: {
        findById: async (id: string) => ({ uuid: id, id }) as Station,
        update: async () => undefined,
      },
      connections: {
        insert: async ({ stationId }: ConnectionStay) => {
          if (stationId === 'BAD') throw broken;
          kept.push(stationId);
        },
      },
      events: { append: async () => undefined, insert: async () => undefined },
    } as unknown as Repositories;
    const store = {
      // All or nothing, as a transaction.
      write: async (work: (r: Repositories) => Promise<unknown>) => {
        const before = kept.length;
        await work(r).catch((error: unknown) => {
          kept.length = before;
          throw error;
        });
      },
    } as unknown as Store;
    const history = new ConnectionHistory({ store, clock: new FakeClock() });
    const outcomes = await Promise.allSettled(['A', 'BAD', 'B'].map((id) => history.opened(stay(id))));
    expect(kept).toEqual(['A', 'B']);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

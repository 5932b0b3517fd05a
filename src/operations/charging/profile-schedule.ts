import { type Static, Type } from '@sinclair/typebox';
import { profileIntegerMax } from '../../domain/charging/charging-profile.js';
import type { Station } from '../../domain/model.js';
import { staff } from '../access.js';
import { findStation } from '../lookup.js';
import { checkConnector } from '../naming.js';
import { unary } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import { notAccepted, reachable } from '../remote/remote-call.js';
import { sayLack } from '../remote/unsupported.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

const unit = oneOf('A', 'W');

const compositeSchedule = Type.Object({
  stationId: Type.String(),
  /** 0 is the station as a whole. */
  connector: Type.Integer(),
  unit,
  start: instant,
  /** Seconds; the station may answer for less than it was asked for. */
  duration: Type.Integer(),
  minChargingRate: nullable(Type.Number()),
  periods: Type.Array(
    Type.Object({
      start: instant,
      end: instant,
      limit: Type.Number(),
      numberPhases: nullable(Type.Integer()),
    }),
  ),
});
export type CompositeSchedule = Static<typeof compositeSchedule>;

/** What is read of an answer; its shape was checked before, as the specification of the action has it. */
interface Answer {
  readonly scheduleStart?: string;
  readonly chargingSchedule?: {
    readonly duration?: number;
    readonly startSchedule?: string;
    readonly chargingRateUnit: 'A' | 'W';
    readonly chargingSchedulePeriod: readonly {
      readonly startPeriod: number;
      readonly limit: number;
      readonly numberPhases?: number;
    }[];
    readonly minChargingRate?: number;
  };
}

export const profileScheduleOperations = {
  'profile.schedule': unary({
    summary: 'What a station would allow a connector to take, all its profiles together',
    access: staff,
    effect: 'read',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      connector: Type.Integer({ minimum: 0 }),
      /** Seconds. */
      duration: Type.Integer({ minimum: 1, maximum: profileIntegerMax }),
      unit: Type.Optional(unit),
      timeoutMs: Type.Integer({ minimum: 100, maximum: 3_600_000 }),
    }),
    output: compositeSchedule,
    async run(context, { stationId, connector, duration, unit, timeoutMs }) {
      const { store, clock, signal } = context;
      const station = await store.read(async (r) => {
        const found = await findStation(r, stationId);
        if (connector > 0) await checkConnector(r, found, connector);
        return found;
      });
      const live = reachable(context, station);
      if (station.registration === 'rejected') throw notAccepted(station);
      const payload = { connectorId: connector, duration, ...(unit && { chargingRateUnit: unit }) };
      const answer = await live
        .call(station, 'GetCompositeSchedule', payload, { timeoutMs, signal })
        .catch(sayLack(stationId, 'takes no charging profiles'));
      if (answer.status !== 'Accepted') throw refused(station, String(answer.status));
      return {
        stationId,
        connector,
        ...toSchedule(answer, { duration, unit: unit ?? 'A', now: clock.now() }),
      };
    },
  }),
};

function toSchedule(
  { scheduleStart, chargingSchedule }: Answer,
  asked: { readonly duration: number; readonly unit: 'A' | 'W'; readonly now: number },
): Omit<CompositeSchedule, 'stationId' | 'connector'> {
  const said = Date.parse(scheduleStart ?? chargingSchedule?.startSchedule ?? '');
  const startMs = Number.isNaN(said) ? asked.now : said;
  const duration = chargingSchedule?.duration ?? asked.duration;
  const at = (seconds: number) => toIso(startMs + seconds * 1000);
  const periods = [...(chargingSchedule?.chargingSchedulePeriod ?? [])]
    .filter(({ startPeriod }) => startPeriod < duration)
    .sort((one, other) => one.startPeriod - other.startPeriod);
  return {
    unit: chargingSchedule?.chargingRateUnit ?? asked.unit,
    start: at(0),
    duration,
    minChargingRate: chargingSchedule?.minChargingRate ?? null,
    periods: periods.map(({ startPeriod, limit, numberPhases }, index) => ({
      start: at(startPeriod),
      end: at(periods[index + 1]?.startPeriod ?? duration),
      limit,
      numberPhases: numberPhases ?? null,
    })),
  };
}

function refused({ id }: Station, status: string): Refusal {
  return new Refusal(id, status, `${id} refused to tell its schedule: it answered ${status}.`);
}

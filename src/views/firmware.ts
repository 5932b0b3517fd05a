import { plural } from '../domain/plural.js';
import type {
  FirmwareImageView,
  FirmwareRolloutView,
  FirmwareTargetView,
} from '../operations/station/firmware-view.js';
import { bytes, instant, nothing, relative } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

export const firmwareImageList: ListView<FirmwareImageView> = {
  columns: {
    vendor: { title: 'VENDOR' },
    model: { title: 'MODEL' },
    version: { title: 'VERSION' },
    file: { title: 'FILE' },
    sizeBytes: { title: 'SIZE', align: 'right', show: (value, _row, terminal) => bytes(value, terminal) },
    sha256: { title: 'SHA-256' },
    signed: { title: 'SIGNED' },
    createdAt: { title: 'UPLOADED', show: (value, _row, terminal) => instant(value, terminal) },
    id: { title: 'ID' },
  },
  defaults: ['vendor', 'model', 'version', 'file', 'sizeBytes', 'signed'],
  id: ({ id }) => id,
  empty:
    'There are no images yet. Upload one: evfleet firmware upload FILE --vendor Acme --model Box --version 1.5.0',
};

export const firmwareImageRecord: RecordView<FirmwareImageView> = { fields: firmwareImageList.columns };

export const firmwareRolloutList: ListView<FirmwareRolloutView> = {
  columns: {
    rollout: { title: 'ROLLOUT', align: 'right' },
    version: { title: 'VERSION' },
    state: { title: 'STATE', show: inColour },
    wave: { title: 'WAVE', align: 'right', show: (value, { waves }) => `${value} of ${waves}` },
    waves: { title: 'WAVES', align: 'right' },
    stations: { title: 'STATIONS', align: 'right' },
    waiting: { title: 'WAITING', align: 'right', show: counted },
    underWay: { title: 'UNDER WAY', align: 'right', show: counted },
    succeeded: { title: 'DONE', align: 'right', show: counted },
    failed: {
      title: 'FAILED',
      align: 'right',
      show: (value, _row, terminal) =>
        value > 0 && terminal.isTTY
          ? terminal.paint.redBright(String(value))
          : counted(value, _row, terminal),
    },
    left: { title: 'LEFT OUT', align: 'right', show: counted },
    maxFailures: { title: 'MAX FAILURES', align: 'right' },
    signed: { title: 'SIGNED' },
    createdAt: { title: 'BEGAN', show: (value, _row, terminal) => relative(value, terminal) },
    endedAt: { title: 'ENDED', show: (value, _row, terminal) => relative(value, terminal) },
  },
  defaults: ['rollout', 'version', 'state', 'wave', 'waiting', 'underWay', 'succeeded', 'failed', 'left'],
  id: ({ rollout }) => String(rollout),
  empty: 'Nothing has been updated yet: evfleet firmware update STATION --version 1.5.0',
};

export const firmwareTargetList: ListView<FirmwareTargetView> = {
  columns: {
    rollout: { title: 'ROLLOUT', align: 'right' },
    stationId: { title: 'STATION' },
    wave: { title: 'WAVE', align: 'right' },
    state: { title: 'STATE', show: inColour },
    status: { title: 'REPORTED' },
    detail: { title: 'DETAIL' },
    fromVersion: { title: 'FROM' },
    version: { title: 'TO' },
    sentAt: { title: 'TOLD', show: (value, _row, terminal) => relative(value, terminal) },
    endedAt: { title: 'JUDGED', show: (value, _row, terminal) => relative(value, terminal) },
  },
  defaults: ['rollout', 'stationId', 'wave', 'state', 'status', 'version', 'detail'],
  id: ({ stationId }) => stationId,
  empty: 'This station has never been updated from here.',
};

function counted(value: number, _row: unknown, terminal: Terminal): string {
  return value === 0 && terminal.isTTY ? nothing(terminal) : String(value);
}

function inColour(value: string, _row: unknown, { isTTY, paint }: Terminal): string {
  if (!isTTY) return value;
  switch (value) {
    case 'succeeded':
    case 'done':
      return paint.green(value);
    case 'failed':
    case 'stopped':
      return paint.redBright(value);
    case 'skipped':
    case 'cancelled':
    case 'retrying':
      return paint.yellow(value);
    case 'waiting':
      return paint.gray(value);
    default:
      return paint.cyanBright(value);
  }
}

/** `Rollout 3 is cancelled: 2 stations under way go on, 40 are not told.` */
export function rolloutCancelled({ rollout, underWay, left }: FirmwareRolloutView): string {
  const untold = left === 0 ? 'nobody was left to be told' : `${plural(left, 'station')} will not be told`;
  const told =
    underWay === 0 ? 'none is under way' : `${underWay} under way ${underWay === 1 ? 'goes' : 'go'} on`;
  return `Rollout ${rollout} is cancelled: ${untold}, ${told}.`;
}

import { RawFrame } from './raw-frame.js';

/** What one station says, message after message, as fast as it is answered or when it is due. */
export interface Script {
  next(): RawFrame;
  /** True when the answer is what such a message is to be answered with. */
  answered(buffer: Buffer, start: number, end: number): boolean;
}

export const calls = {
  boot: '[2,"boot","BootNotification",{"chargePointVendor":"bench","chargePointModel":"bench"}]',
  start: (tag: string, meterStart: number) =>
    JSON.stringify([
      2,
      'start',
      'StartTransaction',
      { connectorId: 1, idTag: tag, meterStart, timestamp: new Date().toISOString() },
    ]),
};

export const tagOf = (index: number) => `BENCH-${String(index).padStart(5, '0')}`;
export const meterStartWh = 10_000_000;

const placeholders = {
  id: '##########',
  transaction: '1111111111',
  register: '22222222',
  time: '@'.repeat(24),
};
const digits = { id: 10, transaction: 10, register: 8 };

const sampledValue = [
  { value: placeholders.register, measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
  { value: '7360', measurand: 'Power.Active.Import', unit: 'W' },
  { value: '32.0', measurand: 'Current.Import', unit: 'A', phase: 'L1' },
  { value: '230.1', measurand: 'Voltage', unit: 'V', phase: 'L1-N' },
].map((sample) => ({ ...sample, context: 'Sample.Periodic', location: 'Outlet' }));

const transactionId = Number(placeholders.transaction);
const timestamp = placeholders.time;
const meterStart = Number(placeholders.register);

function status(value: string): [string, object] {
  return ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: value, timestamp }];
}

function meterValues(): [string, object] {
  return ['MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue }] }];
}

/** The moment as text, the same string for everybody within a millisecond. */
let isoAt = 0;
let iso = '';
function isoNow(): string {
  const now = Date.now();
  if (now !== isoAt) {
    isoAt = now;
    iso = new Date(now).toISOString();
  }
  return iso;
}

/** A message with its changing parts: id, time, transaction, register. */
class Template {
  readonly frame: RawFrame;
  readonly isStart: boolean;
  readonly #at: { id: number; time: number; transaction: number; register: number };

  constructor([action, payload]: [string, object]) {
    this.isStart = action === 'StartTransaction';
    this.frame = new RawFrame(JSON.stringify([2, placeholders.id, action, payload]));
    this.#at = {
      id: this.frame.find(placeholders.id),
      time: this.frame.find(placeholders.time),
      transaction: this.frame.find(placeholders.transaction),
      register: this.frame.find(placeholders.register),
    };
  }

  fill(id: number, transaction: number, registerWh: number): RawFrame {
    const { frame } = this;
    const at = this.#at;
    frame.putNumber(at.id, digits.id, id, '0');
    if (at.time >= 0) frame.putText(at.time, isoNow());
    if (at.transaction >= 0) frame.putNumber(at.transaction, digits.transaction, transaction, ' ');
    if (at.register >= 0) frame.putNumber(at.register, digits.register, registerWh, ' ');
    return frame;
  }
}

const callResult = '3'.charCodeAt(0);

/** Anything but a CALLRESULT, the third byte of which says so, is a failure; an echo is none. */
function isResult(buffer: Buffer, start: number, isEcho: boolean): boolean {
  return isEcho || buffer[start + 1] === callResult;
}

/** MeterValues of one session that never ends. */
export class MeterScript implements Script {
  readonly #template = new Template(meterValues());
  readonly #transaction: number;
  readonly #isEcho: boolean;
  #sequence = 0;

  constructor({ transaction, isEcho }: { readonly transaction: number; readonly isEcho: boolean }) {
    this.#transaction = transaction;
    this.#isEcho = isEcho;
  }

  next(): RawFrame {
    this.#sequence += 1;
    return this.#template.fill(this.#sequence, this.#transaction, meterStartWh + this.#sequence);
  }

  answered(buffer: Buffer, start: number): boolean {
    return isResult(buffer, start, this.#isEcho);
  }
}

/**
 * One session after the other, each with what belongs to it: a real station says one of these every minute or so. 25
 * messages a session, of which 12 are MeterValues and 6 Heartbeats; a boot every tenth.
 */
function sessionOf(tag: string): [string, object][] {
  const heartbeat: [string, object] = ['Heartbeat', {}];
  const charging = Array.from({ length: 6 }, () => [meterValues(), heartbeat, meterValues()]).flat();
  return [
    ['Authorize', { idTag: tag }],
    status('Preparing'),
    ['StartTransaction', { connectorId: 1, idTag: tag, meterStart, timestamp }],
    status('Charging'),
    ...charging,
    status('Finishing'),
    ['StopTransaction', { transactionId, idTag: tag, meterStop: meterStart, timestamp, reason: 'Local' }],
    status('Available'),
  ];
}

const bootEverySessions = 10;

export class MixedScript implements Script {
  readonly #session: readonly Template[];
  readonly #boot = new Template([
    'BootNotification',
    { chargePointVendor: 'bench', chargePointModel: 'bench' },
  ]);
  readonly #heartbeat = new Template(['Heartbeat', {}]);
  readonly #isEcho: boolean;
  #position: number;
  #sessions = 0;
  #sequence = 0;
  #transaction: number;
  #waitsForTransaction = false;

  /** @param transaction of a session that has begun; stations go on from different places in it */
  constructor({ index, transaction, isEcho }: { index: number; transaction: number; isEcho: boolean }) {
    this.#session = sessionOf(tagOf(index)).map((call) => new Template(call));
    this.#transaction = transaction;
    this.#isEcho = isEcho;
    const begun = this.#session.findIndex(({ isStart }) => isStart) + 1;
    this.#position = begun + (index % (this.#session.length - 1 - begun));
  }

  next(): RawFrame {
    this.#sequence += 1;
    const template = this.#choose();
    this.#waitsForTransaction = template.isStart;
    return template.fill(this.#sequence, this.#transaction, meterStartWh + this.#sequence);
  }

  answered(buffer: Buffer, start: number, end: number): boolean {
    if (!isResult(buffer, start, this.#isEcho)) return false;
    if (!this.#waitsForTransaction) return true;
    this.#transaction = this.#isEcho ? this.#sequence : transactionIn(buffer.toString('utf8', start, end));
    return this.#transaction > 0;
  }

  #choose(): Template {
    const template = this.#session[this.#position];
    if (template) {
      this.#position += 1;
      return template;
    }
    this.#position = 0;
    this.#sessions += 1;
    return this.#sessions % bootEverySessions === 0 ? this.#boot : this.#heartbeat;
  }
}

/** Of the answer to a StartTransaction; 0 when it was not accepted. */
export function transactionIn(answer: string): number {
  const [, , payload] = JSON.parse(answer) as [
    number,
    string,
    { transactionId?: number; idTagInfo?: { status?: string } },
  ];
  return payload?.idTagInfo?.status === 'Accepted' ? (payload.transactionId ?? 0) : 0;
}

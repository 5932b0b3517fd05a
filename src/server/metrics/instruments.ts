import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type AnswerLatency, latencyBounds } from './frame-counts.js';

/**
 * Instruments that hold nothing: what they show is read when they are scraped, so that nothing of them runs on the path
 * of a message.
 */
export type Labels = Readonly<Record<string, string>>;
type Reading = number | undefined | Iterable<readonly [Labels, number]>;
type Read = () => Reading | Promise<Reading>;

interface Options {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: Read;
}

export function addGauge(registry: Registry, { name, help, labels = [], read }: Options): void {
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const values = toValues(await read());
      // Without labels, `reset` would leave a zero where nothing is known.
      if (labels.length > 0) this.reset();
      else this.remove();
      for (const [of, value] of values) this.set(of, value);
    },
  });
}

export function addCounter(registry: Registry, { name, help, labels = [], read }: Options): void {
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const values = toValues(await read());
      this.reset();
      for (const [of, value] of values) this.inc(of, value);
    },
  });
}

function toValues(reading: Reading): Iterable<readonly [Labels, number]> {
  if (reading === undefined) return [];
  return typeof reading === 'number' ? [[{}, reading]] : reading;
}

type LatencyLabel = 'answered_by' | 'action';

export interface LatencyOptions {
  readonly name: string;
  readonly help: string;
  readonly read: () => Iterable<AnswerLatency>;
}

/** A histogram whose buckets were counted elsewhere. */
export class LatencyHistogram extends Histogram<LatencyLabel> {
  readonly #options: LatencyOptions;

  constructor(registry: Registry, options: LatencyOptions) {
    const { name, help } = options;
    super({ name, help, labelNames: ['answered_by', 'action'], registers: [registry] });
    this.#options = options;
  }

  /** What the registry asks for, and `get` too. */
  async getForPromString() {
    const { name, help, read } = this.#options;
    const values = [];
    for (const { answeredBy, action, sumS, counts } of read()) {
      const labels = { answered_by: answeredBy, action };
      let count = 0;
      for (const [index, inBucket] of counts.entries()) {
        count += inBucket;
        const le = latencyBounds[index] ?? '+Inf';
        values.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: count });
      }
      values.push({ metricName: `${name}_sum`, labels, value: sumS });
      values.push({ metricName: `${name}_count`, labels, value: count });
    }
    return { name, help, type: 'histogram', values };
  }
}

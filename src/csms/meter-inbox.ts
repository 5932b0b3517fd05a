import type { MeterStore } from '../domain/repositories.js';
import { harvestSamples, type MeterHarvest, type MeterReport, Registers } from './rules/add-meter-samples.js';

interface Waiting {
  readonly report: MeterReport;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the meter values that arrive in one turn of the event loop, from all stations, and keeps them together: by
 * far the most frequent message, and none of them depends on another.
 */
export class MeterInbox {
  readonly #store: MeterStore;
  readonly #registers = new Registers();
  #waiting: Waiting[] = [];

  constructor(store: MeterStore) {
    this.#store = store;
  }

  /** Resolves once the report is on disk. */
  add(report: MeterReport): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ report, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => void this.#writeAll());
    });
  }

  async #writeAll(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await this.#write(batch.map(({ report }) => report));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else await this.#writeEach(batch);
    }
  }

  /** One report that cannot be written must not cost the others of its turn. */
  async #writeEach(batch: readonly Waiting[]): Promise<void> {
    for (const { report, resolve, reject } of batch) await this.#write([report]).then(resolve, reject);
  }

  async #write(reports: readonly MeterReport[]): Promise<void> {
    const registers = this.#registers;
    try {
      const { samples, moved } = reports.every((report) => registers.known(report) !== undefined)
        ? harvestSamples(reports, (report) => registers.known(report))
        : await this.#lookUp(reports);
      await this.#store.addSamples(samples, moved);
    } catch (error) {
      registers.forget();
      throw error;
    }
  }

  async #lookUp(reports: readonly MeterReport[]): Promise<MeterHarvest> {
    const found = await this.#store.read((r) => this.#registers.find(r, reports));
    return harvestSamples(reports, (report) => found.get(report));
  }
}

import type { LatencyRecorder } from './latency-recorder.js';
import type { LoadStation } from './load-stations.js';

/** Decides when stations send, and takes the time. */
export interface Pace {
  readonly failures: number;
  start(): void;
}

/** Every station sends its next message as soon as the last one was answered. */
export class ClosedLoop implements Pace {
  readonly #stations: readonly LoadStation[];
  readonly #recorder: LatencyRecorder;
  failures = 0;

  constructor(stations: readonly LoadStation[], recorder: LatencyRecorder) {
    this.#stations = stations;
    this.#recorder = recorder;
  }

  start(): void {
    for (const { socket, script } of this.#stations) {
      let sentAt = performance.now();
      socket.onClose = () => {
        this.failures += 1;
      };
      socket.onMessage = (buffer, start, end) => {
        const now = performance.now();
        this.#recorder.record(now - sentAt);
        if (!script.answered(buffer, start, end)) this.failures += 1;
        sentAt = now;
        socket.send(script.next());
      };
      socket.send(script.next());
    }
  }
}

/** How long the clock sleeps: what is due together leaves together. */
const tickMs = 1;

/**
 * Messages are due at a fixed rate, each station in its turn, whether the server keeps up or not: a station that is not
 * answered yet sends late. Latency counts from when a message was due, so that a stall shows in all that it delays.
 */
export class OpenLoop implements Pace {
  readonly #lanes: Lane[];
  readonly #ratePerMs: number;
  #startedAt = 0;
  #due = 0;

  constructor(stations: readonly LoadStation[], recorder: LatencyRecorder, ratePerS: number) {
    this.#ratePerMs = ratePerS / 1000;
    this.#lanes = stations.map((station, index) => {
      const dueAt = (sequence: number) =>
        this.#startedAt + (sequence * this.#lanes.length + index) / this.#ratePerMs;
      return new Lane(station, recorder, dueAt);
    });
  }

  get failures(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.failures, 0);
  }

  start(): void {
    this.#startedAt = performance.now();
    setInterval(() => {
      const until = Math.floor((performance.now() - this.#startedAt) * this.#ratePerMs);
      for (; this.#due < until; this.#due += 1) this.#lanes[this.#due % this.#lanes.length]?.due();
    }, tickMs);
  }
}

class Lane {
  readonly #station: LoadStation;
  #sent = 0;
  #due = 0;
  #isWaiting = false;
  failures = 0;

  constructor(station: LoadStation, recorder: LatencyRecorder, dueAt: (sequence: number) => number) {
    this.#station = station;
    const { socket, script } = station;
    socket.onClose = () => {
      this.failures += 1;
    };
    socket.onMessage = (buffer, start, end) => {
      recorder.record(performance.now() - dueAt(this.#sent - 1));
      if (!script.answered(buffer, start, end)) this.failures += 1;
      this.#isWaiting = false;
      this.#send();
    };
  }

  due(): void {
    this.#due += 1;
    this.#send();
  }

  #send(): void {
    if (this.#isWaiting || this.#sent >= this.#due) return;
    this.#isWaiting = true;
    this.#sent += 1;
    this.#station.socket.send(this.#station.script.next());
  }
}

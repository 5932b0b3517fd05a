import type { Request16 } from '../ocpp/v16/actions.js';
import { readBootAnswer } from './answers.js';
import type { StationParts } from './station-parts.js';

export type RegistrationStatus = 'None' | 'Accepted' | 'Pending' | 'Rejected';

export type BootInformation = Omit<Request16<'BootNotification'>, 'firmwareVersion'>;

/** When BootNotification fails altogether, or the central system leaves the choice to the station. */
const DEFAULT_RETRY_MS = 60_000;
/** Shorter intervals than this would be a mistake of the central system, or an attack by it on itself. */
const SHORTEST_RETRY_MS = 1_000;

/** Boot and heartbeat: the station's standing with the central system (OCPP 1.6 §4.2, §4.6). */
export class Registration {
  readonly #station: StationParts;
  readonly #information: BootInformation;
  readonly #onChange: () => void;
  #status: RegistrationStatus = 'None';
  #wasAccepted = false;
  /** What the next acceptance says of how the station got here; told where security is of interest. */
  #cause: 'StartupOfTheDevice' | 'ResetOrReboot' | undefined = 'StartupOfTheDevice';
  /** Wall time before which no BootNotification may be sent. */
  #nextBootMs = 0;

  constructor(station: StationParts, information: BootInformation, onChange: () => void) {
    this.#station = station;
    this.#information = information;
    this.#onChange = onChange;
  }

  get status(): RegistrationStatus {
    return this.#status;
  }

  /** Whether cars may charge: never before the first acceptance, nor while the central system says no. */
  get mayCharge(): boolean {
    return this.#wasAccepted && (this.#status === 'Accepted' || this.#status === 'None');
  }

  /** A connection opened. A plain reconnect brings no BootNotification; a first one, or one after a reset, does. */
  connected(): void {
    const waitMs = this.#nextBootMs - this.#station.time.now();
    if (this.#status === 'Accepted') this.#resume();
    // A central system that hangs up on a rejected station does not shorten the wait that it asked for.
    else if (waitMs > 0) this.#station.timers.set('boot', waitMs, () => this.boot());
    else this.boot();
  }

  disconnected(): void {
    this.#station.timers.clear('boot');
    this.#station.timers.clear('heartbeat');
  }

  /** The station restarted: it has to introduce itself again. */
  restarted(): void {
    this.#status = 'None';
    this.#cause = 'ResetOrReboot';
    this.#nextBootMs = 0;
    this.disconnected();
    this.#onChange();
  }

  /** Sends BootNotification now. */
  boot(): void {
    this.#station.timers.clear('boot');
    this.#station.background.run(this.#boot());
  }

  /** Arms the heartbeat anew, for instance after its interval changed. */
  armHeartbeat(): void {
    const { timers, configuration, uplink, time } = this.#station;
    const intervalMs = configuration.integer('HeartbeatInterval') * 1_000;
    timers.clear('heartbeat');
    if (intervalMs === 0 || this.#status !== 'Accepted' || !this.#station.isOnline) return;
    const idleMs = Math.max(0, time.now() - uplink.lastSentMs);
    timers.set('heartbeat', Math.max(0, intervalMs - idleMs), () => this.#beat(intervalMs));
  }

  /** Any message within the interval proves as much as a heartbeat (OCPP 1.6 §4.6). */
  #beat(intervalMs: number): void {
    const { uplink, time } = this.#station;
    if (time.now() - uplink.lastSentMs >= intervalMs) uplink.notify('Heartbeat', {});
    this.armHeartbeat();
  }

  async #boot(): Promise<void> {
    const { uplink, timers, firmwareVersion } = this.#station;
    try {
      const answer = readBootAnswer(
        await uplink.call('BootNotification', { ...this.#information, firmwareVersion }),
      );
      this.#answered(answer.status, answer.intervalS);
    } catch {
      // Without a connection the next one boots.
      if (this.#station.isConnected) timers.set('boot', DEFAULT_RETRY_MS, () => this.boot());
    }
  }

  #answered(status: RegistrationStatus, intervalS: number): void {
    this.#status = status;
    if (status === 'Accepted') {
      this.#wasAccepted = true;
      if (intervalS > 0)
        this.#station.configuration.assign('HeartbeatInterval', String(Math.ceil(intervalS)));
      this.#station.statuses.reportAll();
      this.#resume();
      this.#tellCause();
    } else {
      const retryMs = intervalS > 0 ? Math.max(SHORTEST_RETRY_MS, intervalS * 1_000) : DEFAULT_RETRY_MS;
      this.#nextBootMs = this.#station.time.now() + retryMs;
      this.#station.timers.set('boot', retryMs, () => this.boot());
    }
    this.#onChange();
  }

  #tellCause(): void {
    const { security } = this.#station;
    if (this.#cause !== undefined && security.profile > 0) security.events.tell(this.#cause);
    this.#cause = undefined;
  }

  #resume(): void {
    this.#station.statuses.refreshAll();
    this.#station.queue.reconnected();
    this.#station.transfers.resume();
    this.#station.security.events.resume();
    this.armHeartbeat();
  }
}

import type { Request16 } from '../ocpp/v16/actions.js';
import { parseTime } from '../ocpp/v16/time.js';
import { download, isLoopbackHttp, upload } from './http-files.js';
import type { StationParts } from './station-parts.js';

export type DiagnosticsStatus = Request16<'DiagnosticsStatusNotification'>['status'];
export type FirmwareStatus = Request16<'FirmwareStatusNotification'>['status'];

type Kind = 'diagnostics' | 'firmware';

interface Retries {
  readonly retries?: number;
  /** Seconds. */
  readonly retryInterval?: number;
}

const MAX_RETRIES = 5;
const TRANSFER_TIMEOUT_MS = 60_000;
/** Simulated time that an installation takes. */
const INSTALLATION_MS = 20_000;

/** GetDiagnostics and UpdateFirmware: the files, the states, one job of each kind at a time. */
export class FileTransfers {
  readonly #station: StationParts;
  readonly #undelivered = new Set<Kind>();
  #diagnosticsStatus: DiagnosticsStatus = 'Idle';
  #firmwareStatus: FirmwareStatus = 'Idle';
  #diagnosticsJob = new AbortController();
  #firmwareJob = new AbortController();

  constructor(station: StationParts) {
    this.#station = station;
  }

  get isUploading(): boolean {
    return this.#diagnosticsStatus === 'Uploading';
  }

  /** Reports the present state, `Idle` when there is no job. */
  reportDiagnostics(): void {
    const { uplink } = this.#station;
    uplink.notify('DiagnosticsStatusNotification', {
      status: this.isUploading ? this.#diagnosticsStatus : 'Idle',
    });
  }

  reportFirmware(): void {
    const busy = ['Downloading', 'Downloaded', 'Installing'].includes(this.#firmwareStatus);
    this.#station.uplink.notify('FirmwareStatusNotification', {
      status: busy ? this.#firmwareStatus : 'Idle',
    });
  }

  /** Messages may be sent again: what happened meanwhile is told now. */
  resume(): void {
    const missed = [...this.#undelivered];
    this.#undelivered.clear();
    for (const kind of missed) {
      this.#station.background.run(
        kind === 'firmware'
          ? this.#setFirmware(this.#firmwareStatus)
          : this.#setDiagnostics(this.#diagnosticsStatus),
      );
    }
  }

  /** Uploads the station's log; a running upload is given up. */
  uploadDiagnostics(request: Request16<'GetDiagnostics'>, fileName: string): void {
    this.#diagnosticsJob.abort();
    this.#diagnosticsJob = new AbortController();
    this.#station.background.run(this.#upload(request, fileName, this.#diagnosticsJob.signal));
  }

  /** Fetches and installs a firmware once its time has come; a pending update is given up. */
  updateFirmware(request: Request16<'UpdateFirmware'>): void {
    this.#firmwareJob.abort();
    this.#firmwareJob = new AbortController();
    this.#station.background.run(this.#update(request, this.#firmwareJob.signal));
  }

  async #upload(request: Request16<'GetDiagnostics'>, fileName: string, job: AbortSignal): Promise<void> {
    const { location, startTime, stopTime } = request;
    const text = this.#station.log.text(parseTime(startTime) ?? 0, parseTime(stopTime) ?? Infinity);
    await this.#setDiagnostics('Uploading');
    const done = await this.#retry('diagnostics', request, job, async (signal) => {
      if (!isLoopbackHttp(location)) throw new Error('Not an address of this machine');
      await upload(location, fileName, text, signal);
    });
    if (!job.aborted) await this.#setDiagnostics(done ? 'Uploaded' : 'UploadFailed');
  }

  async #update(request: Request16<'UpdateFirmware'>, job: AbortSignal): Promise<void> {
    const { time, stopping, transactions } = this.#station;
    const ends = AbortSignal.any([job, stopping]);
    await time.wait((parseTime(request.retrieveDate) ?? 0) - time.now(), ends);
    if (ends.aborted) return;
    await this.#setFirmware('Downloading');
    const done = await this.#retry('firmware', request, job, async (signal) => {
      if (!isLoopbackHttp(request.location)) throw new Error('Not an address of this machine');
      await download(request.location, signal);
    });
    if (ends.aborted) return;
    await this.#setFirmware(done ? 'Downloaded' : 'DownloadFailed');
    if (!done) return;
    // Cars come first: nobody's session ends for an installation.
    await this.#station.until(() => ends.aborted || transactions.running.length === 0);
    if (ends.aborted) return;
    await this.#setFirmware('Installing');
    await time.wait(time.wallMs(INSTALLATION_MS), ends);
    if (ends.aborted) return;
    this.#station.firmwareVersion = versionOf(request.location, this.#station.firmwareVersion);
    await this.#setFirmware('Installed');
    await this.#station.reset('Soft');
  }

  async #retry(
    kind: Kind,
    options: Retries,
    job: AbortSignal,
    attempt: (signal: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    const { time, timers, stopping, log } = this.#station;
    const ends = AbortSignal.any([job, stopping]);
    const retries = Math.min(MAX_RETRIES, Math.max(0, options.retries ?? 0));
    for (let number = 0; number <= retries && !ends.aborted; number += 1) {
      if (number > 0) await time.wait((options.retryInterval ?? 0) * 1_000, ends);
      const timeout = new AbortController();
      timers.set(`transfer ${kind}`, TRANSFER_TIMEOUT_MS, () => timeout.abort());
      try {
        await attempt(AbortSignal.any([ends, timeout.signal]));
        return true;
      } catch (error) {
        log.add(`File transfer failed: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        if (!job.aborted) timers.clear(`transfer ${kind}`);
      }
    }
    return false;
  }

  async #setDiagnostics(status: DiagnosticsStatus): Promise<void> {
    this.#diagnosticsStatus = status;
    await this.#deliver('diagnostics', () =>
      this.#station.uplink.call('DiagnosticsStatusNotification', { status }),
    );
  }

  async #setFirmware(status: FirmwareStatus): Promise<void> {
    this.#firmwareStatus = status;
    await this.#deliver('firmware', () =>
      this.#station.uplink.call('FirmwareStatusNotification', { status }),
    );
  }

  async #deliver(kind: Kind, send: () => Promise<unknown>): Promise<void> {
    if (!this.#station.isOnline) {
      this.#undelivered.add(kind);
      return;
    }
    try {
      await send();
    } catch {
      if (!this.#station.isOnline) this.#undelivered.add(kind);
    }
  }
}

/** The version that a file name tells, or the present one with its last number raised. */
export function versionOf(location: string, present: string): string {
  const fileName = new URL(location).pathname.split('/').at(-1) ?? '';
  const told = /\d+(?:\.\d+)+/.exec(fileName)?.[0];
  return (told ?? present.replace(/\d+$/, (last) => String(Number(last) + 1))).slice(0, 50);
}

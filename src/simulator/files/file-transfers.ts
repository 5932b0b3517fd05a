import type { Request16 } from '../../ocpp/v16/actions.js';
import { parseTime } from '../../ocpp/v16/time.js';
import type { StationParts } from '../station-parts.js';
import { download, upload } from './file-servers.js';
import { JobReport } from './job-report.js';

type DiagnosticsStatus = Request16<'DiagnosticsStatusNotification'>['status'];
type LogStatus = Request16<'LogStatusNotification'>['status'];
type FirmwareStatus = Request16<'FirmwareStatusNotification'>['status'];
type SignedFirmwareStatus = Request16<'SignedFirmwareStatusNotification'>['status'];

type Kind = 'upload' | 'firmware';

interface Retries {
  readonly retries?: number;
  /** Seconds. */
  readonly retryInterval?: number;
}

interface Upload extends Retries {
  readonly location: string;
  readonly fileName: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface Update extends Retries {
  readonly location: string;
  readonly retrieveDate: string;
}

/** What a job says of itself. */
interface Teller<Status> {
  tell(status: Status): Promise<void>;
}

const MAX_RETRIES = 5;
const TRANSFER_TIMEOUT_MS = 60_000;
/** Simulated time that an installation takes. */
const INSTALLATION_MS = 20_000;

/** Logs that go and firmware that comes, each in the old way and in that of the security extension; one job of each kind at a time. */
export class FileTransfers {
  readonly diagnostics: JobReport<DiagnosticsStatus>;
  readonly log: JobReport<LogStatus>;
  readonly firmware: JobReport<FirmwareStatus>;
  readonly signedFirmware: JobReport<SignedFirmwareStatus>;
  readonly #station: StationParts;

  constructor(station: StationParts) {
    this.#station = station;
    // Looked up late: not all parts of the station exist yet.
    const call: StationParts['uplink']['call'] = (action, payload) => station.uplink.call(action, payload);
    this.diagnostics = new JobReport<DiagnosticsStatus>(station, {
      running: ['Uploading'],
      send: (status) => call('DiagnosticsStatusNotification', { status }),
    });
    this.log = new JobReport<LogStatus>(station, {
      running: ['Uploading'],
      send: (status, requestId) => call('LogStatusNotification', { status, ...numbered(requestId) }),
    });
    this.firmware = new JobReport<FirmwareStatus>(station, {
      running: ['Downloading', 'Downloaded', 'Installing'],
      send: (status) => call('FirmwareStatusNotification', { status }),
    });
    this.signedFirmware = new JobReport<SignedFirmwareStatus>(station, {
      running: ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing'],
      send: (status, requestId) =>
        call('SignedFirmwareStatusNotification', { status, ...numbered(requestId) }),
    });
  }

  get isUploading(): boolean {
    return this.diagnostics.isActive || this.log.isActive;
  }

  get isUpdating(): boolean {
    return this.firmware.isActive || this.signedFirmware.isActive;
  }

  /** Messages may be sent again: what happened meanwhile is told now. */
  resume(): void {
    for (const report of [this.diagnostics, this.log, this.firmware, this.signedFirmware]) report.resume();
  }

  /** Uploads the station's diary; a running upload is given up. */
  uploadDiagnostics(request: Request16<'GetDiagnostics'>, fileName: string): void {
    this.log.giveUp();
    const job = this.diagnostics.begin();
    const wanted = { ...request, fileName, from: request.startTime, to: request.stopTime };
    this.#station.background.run(this.#upload(wanted, job, this.diagnostics, 'UploadFailed'));
  }

  /** The same by GetLog; what is asked for as the security log is the diary, too. */
  uploadLog({ log, requestId, ...retries }: Request16<'GetLog'>, fileName: string): void {
    this.diagnostics.giveUp();
    const job = this.log.begin(requestId);
    const { remoteLocation: location, oldestTimestamp: from, latestTimestamp: to } = log;
    const wanted = { ...retries, location, fileName, from, to };
    this.#station.background.run(this.#upload(wanted, job, this.log, 'UploadFailure'));
  }

  /** Fetches and installs a firmware once its time has come; a pending update is given up. */
  updateFirmware(request: Request16<'UpdateFirmware'>): void {
    this.signedFirmware.giveUp();
    const job = this.firmware.begin();
    this.#station.background.run(this.#update(request, job, this.firmware, async () => true));
  }

  /** The same with a signature, which is right unless the station was told that it is not. */
  updateSignedFirmware({ firmware, requestId, ...retries }: Request16<'SignedUpdateFirmware'>): void {
    this.firmware.giveUp();
    const job = this.signedFirmware.begin(requestId);
    const { location, retrieveDateTime: retrieveDate } = firmware;
    const wanted = { ...retries, location, retrieveDate };
    this.#station.background.run(
      this.#update(wanted, job, this.signedFirmware, () => this.#checkSignature()),
    );
  }

  async #upload<Failure extends string>(
    wanted: Upload,
    job: AbortSignal,
    report: Teller<'Uploading' | 'Uploaded' | Failure>,
    failure: Failure,
  ): Promise<void> {
    const { location, fileName, from, to } = wanted;
    const text = this.#station.log.text(parseTime(from) ?? 0, parseTime(to) ?? Infinity);
    await report.tell('Uploading');
    const done = await this.#retry('upload', wanted, job, (signal) =>
      upload(location, fileName, text, { signal, ca: this.#station.security.tls.ca }),
    );
    if (!job.aborted) await report.tell(done ? 'Uploaded' : failure);
  }

  async #update(
    wanted: Update,
    job: AbortSignal,
    report: Teller<FirmwareStatus>,
    check: () => Promise<boolean>,
  ): Promise<void> {
    const { time, stopping, transactions, firmwareFailure } = this.#station;
    const ends = AbortSignal.any([job, stopping]);
    await time.wait((parseTime(wanted.retrieveDate) ?? 0) - time.now(), ends);
    if (ends.aborted) return;
    await report.tell('Downloading');
    const done = await this.#retry('firmware', wanted, job, async (signal) => {
      await download(wanted.location, { signal, ca: this.#station.security.tls.ca });
    });
    if (ends.aborted) return;
    await report.tell(done ? 'Downloaded' : 'DownloadFailed');
    if (!done || ends.aborted || !(await check())) return;
    // Cars come first: nobody's session ends for an installation.
    await this.#station.until(() => ends.aborted || transactions.running.length === 0);
    if (ends.aborted) return;
    await report.tell('Installing');
    await time.wait(time.wallMs(INSTALLATION_MS), ends);
    if (ends.aborted) return;
    if (firmwareFailure === 'InstallationFailed') return report.tell('InstallationFailed');
    if (this.#station.security.profile > 0) this.#station.security.events.tell('FirmwareUpdated');
    this.#station.firmwareVersion = versionOf(wanted.location, this.#station.firmwareVersion);
    await report.tell('Installed');
    await this.#station.reset('Soft');
  }

  async #checkSignature(): Promise<boolean> {
    const { firmwareFailure, security } = this.#station;
    if (firmwareFailure !== 'InvalidSignature') {
      await this.signedFirmware.tell('SignatureVerified');
      return true;
    }
    security.events.tell('InvalidFirmwareSignature');
    await this.signedFirmware.tell('InvalidSignature');
    return false;
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
}

function numbered(requestId: number | undefined): { readonly requestId?: number } {
  return requestId === undefined ? {} : { requestId };
}

/** The version that a file name tells, or the present one with its last number raised. */
export function versionOf(location: string, present: string): string {
  const fileName = new URL(location).pathname.split('/').at(-1) ?? '';
  const told = /\d+(?:\.\d+)+/.exec(fileName)?.[0];
  return (told ?? present.replace(/\d+$/, (last) => String(Number(last) + 1))).slice(0, 50);
}

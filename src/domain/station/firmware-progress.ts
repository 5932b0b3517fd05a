import { formatDuration } from '../duration.js';
import {
  type FailureReason,
  type FirmwareRollout,
  type FirmwareTarget,
  isSameVersion,
  type TargetChange,
  type TargetState,
} from './firmware.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long a station may stay in a state without a word before it counts as failed. */
export const phaseLimitsMs = {
  // Long enough for a station that reports nothing at all: its boot with the new version is all that is heard.
  offered: 2 * hourMs,
  /** Beside the interval that it was asked to wait. */
  retrying: 5 * minuteMs,
  downloading: 2 * hourMs,
  // Cars come first: it may wait for the end of a session.
  downloaded: 24 * hourMs,
  installing: 2 * hourMs,
  /** Until it boots with the new version. */
  installed: hourMs,
} as const;

type Phase = keyof typeof phaseLimitsMs;

/** What may happen to a station of a rollout. */
export type Happening =
  /** It said yes to the update; `note` is what was odd about that. */
  | { readonly kind: 'accepted'; readonly note?: string }
  | { readonly kind: 'refused'; readonly why: string }
  /** It did not answer, which does not mean that it did not hear. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** Its connection was not there, or broke: it is told again once it is back. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'reported'; readonly status: string }
  | { readonly kind: 'booted'; readonly version: string | null }
  /** Its time may be up. */
  | { readonly kind: 'time' };

export type Terms = Pick<FirmwareRollout, 'version' | 'retrieveAt' | 'retries' | 'retryIntervalS'>;

/** Both vocabularies: OCPP 1.6 and the security extension. */
const phaseOfStatus: Readonly<Record<string, Phase>> = {
  DownloadScheduled: 'offered',
  Downloading: 'downloading',
  DownloadPaused: 'downloading',
  Downloaded: 'downloaded',
  SignatureVerified: 'downloaded',
  InstallScheduled: 'downloaded',
  Installing: 'installing',
  InstallRebooting: 'installing',
  Installed: 'installed',
};

/** What a station reports when an update has failed, in words. */
export const failedStatuses: Readonly<Record<string, string>> = {
  DownloadFailed: 'it could not download the image',
  InstallationFailed: 'it could not install the image',
  InstallVerificationFailed: 'what it installed did not pass its check',
  InvalidSignature: 'the signature of the image is not right',
};

const ended: ReadonlySet<TargetState> = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

export function isEnded({ state }: Pick<FirmwareTarget, 'state'>): boolean {
  return ended.has(state);
}

/** Whether the station has been told and not yet judged. */
export function isUnderWay(target: Pick<FirmwareTarget, 'state'>): boolean {
  return target.state !== 'waiting' && !isEnded(target);
}

/**
 * What a happening makes of a station; undefined when it changes nothing. Who was judged once stays judged.
 */
export function progress(
  target: FirmwareTarget,
  happening: Happening,
  terms: Terms,
  now: number,
): TargetChange | undefined {
  if (isEnded(target)) return undefined;
  switch (happening.kind) {
    case 'accepted':
      // It may have reported before its answer was dealt with.
      return target.state === 'sending'
        ? { state: 'offered', detail: happening.note ?? null, dueAt: dueAt('offered', terms, now) }
        : undefined;
    case 'refused':
      return target.state === 'sending' ? failed('refused', happening.why, now) : undefined;
    case 'unanswered':
      return target.state === 'sending'
        ? { state: 'offered', reason: 'silent', detail: happening.why, dueAt: dueAt('offered', terms, now) }
        : undefined;
    case 'lost':
      return target.state === 'sending' ? { state: 'waiting', sentAt: null } : undefined;
    case 'reported':
      return isUnderWay(target) ? reported(target, happening.status, terms, now) : undefined;
    case 'booted':
      return booted(target, happening.version, terms, now);
    case 'time':
      return target.dueAt !== null && target.dueAt <= now ? outOfTime(target, terms, now) : undefined;
  }
}

function reported(
  target: FirmwareTarget,
  status: string,
  terms: Terms,
  now: number,
): TargetChange | undefined {
  const failure = Object.hasOwn(failedStatuses, status) ? failedStatuses[status] : undefined;
  if (failure !== undefined) {
    const failures = target.failures + 1;
    // It was asked to try so often; whether it does, the next minutes tell.
    if (status === 'DownloadFailed' && failures <= (terms.retries ?? 0)) {
      return { state: 'retrying', status, failures, dueAt: dueAt('retrying', terms, now) };
    }
    return { ...failed('reported', failure, now), status, failures };
  }
  const phase = Object.hasOwn(phaseOfStatus, status) ? phaseOfStatus[status] : undefined;
  // Idle, or a word that nobody knows: kept, but it says nothing of how far it is.
  if (phase === undefined) return status === target.status ? undefined : { status };
  // The same again gives it no more time.
  if (phase === target.state) return status === target.status ? undefined : { status };
  return { state: phase, status, reason: null, detail: null, dueAt: dueAt(phase, terms, now) };
}

/** The version that it boots with is the judgement, whatever it reported, and also when it reported nothing. */
function booted(
  target: FirmwareTarget,
  version: string | null,
  terms: Terms,
  now: number,
): TargetChange | undefined {
  if (isSameVersion(version, terms.version)) {
    return { state: 'succeeded', reason: null, detail: null, ...over(now) };
  }
  if (target.state !== 'installed') return undefined;
  if (version === null) return believed(now);
  return failed('version', `it reported Installed, but booted with ${version}`, now);
}

/** A station that tells nobody what it runs can only be believed. */
function believed(now: number): TargetChange {
  const detail = 'it reported Installed, and does not say which version it runs';
  return { state: 'succeeded', reason: null, detail, ...over(now) };
}

function outOfTime(target: FirmwareTarget, terms: Terms, now: number): TargetChange {
  const { state, status } = target;
  if (state === 'installed') {
    if (target.fromVersion === null) return believed(now);
    return failed('version', `it reported Installed, but did not boot with ${terms.version}`, now);
  }
  if (state === 'retrying') return failed('reported', 'it could not download the image', now);
  const limitMs = isPhase(state) ? phaseLimitsMs[state] : 0;
  const said = status === null ? 'it reported nothing' : `it reported nothing after ${status}`;
  return failed('silent', `${said} for ${formatDuration(limitMs)}`, now);
}

function failed(reason: FailureReason, detail: string, now: number): TargetChange {
  return { state: 'failed', reason, detail, ...over(now) };
}

/** A station that was never told. */
export function untold(
  state: 'skipped' | 'cancelled',
  reason: FailureReason,
  detail: string,
  now: number,
): TargetChange {
  return { state, reason, detail, ...over(now) };
}

/** Nothing is expected any more, and the image is not to be fetched. */
function over(now: number) {
  return { dueAt: null, endedAt: now, offerUser: null, offerPassword: null };
}

/** Until when a station that was told at this instant may fetch the image, its own retries included. */
export function offerEndsAt({ retrieveAt, retries, retryIntervalS }: Terms, sentAt: number): number {
  const retriesMs = (retries ?? 0) * ((retryIntervalS ?? 0) * 1000 + phaseLimitsMs.retrying);
  const from = Math.max(sentAt, retrieveAt ?? sentAt);
  return from + phaseLimitsMs.offered + phaseLimitsMs.downloading + retriesMs;
}

function isPhase(state: TargetState): state is Phase {
  return Object.hasOwn(phaseLimitsMs, state);
}

function dueAt(phase: Phase, { retrieveAt, retryIntervalS }: Terms, now: number): number {
  // Until then it has nothing to report.
  const from = phase === 'offered' ? Math.max(now, retrieveAt ?? now) : now;
  const extraMs = phase === 'retrying' ? (retryIntervalS ?? 0) * 1000 : 0;
  return from + extraMs + phaseLimitsMs[phase];
}

/** What a station answers to SignedUpdateFirmware, in words. */
export function toAnswered(status: string | undefined): Happening {
  switch (status) {
    case undefined:
    case 'Accepted':
      return { kind: 'accepted' };
    case 'AcceptedCanceled':
      return { kind: 'accepted', note: 'it gave up another update for this one' };
    case 'InvalidCertificate':
      return { kind: 'refused', why: 'it does not take the signing certificate: InvalidCertificate' };
    case 'RevokedCertificate':
      return { kind: 'refused', why: 'the signing certificate is revoked: RevokedCertificate' };
    default:
      return { kind: 'refused', why: `it answered ${status}` };
  }
}

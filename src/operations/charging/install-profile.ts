import {
  type ChargingProfile,
  checkLimits,
  checkPlace,
  completeProfile,
  type ProfileDraft,
} from '../../domain/charging/charging-profile.js';
import {
  type InstalledProfile,
  profilesPerStationMax,
} from '../../domain/charging/charging-profile-repository.js';
import { describeSchedule } from '../../domain/charging/charging-words.js';
import { FleetError } from '../../domain/errors.js';
import type { Session, Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import type { Done } from '../bulk.js';
import { findSession } from '../lookup.js';
import { checkConnector, naming } from '../naming.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import { notAccepted, reachable } from '../remote/remote-call.js';
import { sayLack } from '../remote/unsupported.js';
import { Turns } from '../turns.js';
import { chargingLimits } from './charging-limits.js';

export interface ProfileRequest {
  readonly draft: ProfileDraft;
  /** When left out: the station, or where the session runs. */
  readonly connector: number | undefined;
  /** Session or transaction id, for a TxProfile; the running one when left out. */
  readonly session: string | undefined;
  readonly timeoutMs: number;
}

interface Place {
  readonly connector: number;
  readonly transactionId?: number;
}

/** What is under way with the profiles of a station: of two that share an id, one would undo what the other did. */
export const profileTurns = new Turns();

/** Installs a profile at one station, after checking it against what the station takes. */
export async function installProfile(
  context: OperationContext,
  station: Station,
  request: ProfileRequest,
  signal: AbortSignal,
): Promise<Done> {
  // Before anybody is asked: what is wrong with the request is said of stations that are offline, too.
  await context.store.read((r) => findPlace(r, station, request));
  const live = reachable(context, station);
  if (station.registration === 'rejected') throw notAccepted(station);
  return profileTurns.take(station.uuid, signal, () => install(context, live, station, request, signal));
}

async function install(
  context: OperationContext,
  live: LiveFleet,
  station: Station,
  request: ProfileRequest,
  signal: AbortSignal,
): Promise<Done> {
  const { store, clock } = context;
  const { draft, timeoutMs } = request;
  const { uuid, id } = station;
  const place = await store.read((r) => findPlace(r, station, request));
  const limits = await chargingLimits(context, live, station, { timeoutMs, signal });
  // Written down before it is sent: nobody else takes its id, and a station that does not answer may have taken it.
  const { sent, before, replaced } = await store.write(async (r) => {
    const now = clock.now();
    await r.chargingProfiles.removeOver(uuid, now);
    const installed = await r.chargingProfiles.listByStation(uuid);
    const same = installed.filter((other) => isReplaced(other, draft, place));
    const profileId = draft.chargingProfileId ?? same[0]?.profile.chargingProfileId ?? freeId(installed);
    const profile = completeProfile(draft, { id: profileId, transactionId: place.transactionId, now });
    const others = installed.filter((other) => !same.includes(other) && idOf(other) !== profileId);
    const maxProfiles = Math.min(limits.maxProfiles ?? profilesPerStationMax, profilesPerStationMax);
    const why = checkLimits(profile, { ...limits, maxProfiles }, others.length);
    if (why !== undefined) throw unfit(id, why);
    const row: InstalledProfile = {
      stationUuid: uuid,
      connector: place.connector,
      profile,
      state: 'unanswered',
      sentAt: now,
    };
    await r.chargingProfiles.put(row);
    const sameId = installed.find((other) => idOf(other) === profileId);
    return { sent: row, before: sameId, replaced: same.map(idOf).filter((other) => other !== profileId) };
  });
  const { profile } = sent;
  const undo = () =>
    store.write((r) =>
      before ? r.chargingProfiles.put(before) : r.chargingProfiles.remove(uuid, profile.chargingProfileId),
    );
  try {
    const payload = { connectorId: place.connector, csChargingProfiles: profile };
    const { status } = await live
      .call(station, 'SetChargingProfile', payload, { timeoutMs, signal })
      .catch(sayLack(id, 'takes no charging profiles'));
    if (status !== 'Accepted') throw refused(id, String(status), profile);
  } catch (error) {
    // Only after a clear no: a station that did not answer, or went away, may have it.
    if (error instanceof FleetError && ['REFUSED', 'CONFLICT', 'USAGE'].includes(error.code)) await undo();
    throw error;
  }
  await store.write(async (r) => {
    for (const profileId of replaced) await r.chargingProfiles.remove(uuid, profileId);
    await r.chargingProfiles.put({ ...sent, state: 'accepted' });
  });
  return {
    status: 'Accepted',
    message: `${id} took profile ${profile.chargingProfileId}${where(sent)}: ${describeSchedule(profile.chargingSchedule, profile.recurrencyKind)}.`,
    detail: {
      profileId: profile.chargingProfileId,
      connector: place.connector,
      transactionId: profile.transactionId ?? null,
      profile,
    },
  };
}

/** The same purpose on the same level of the same place: the station keeps only the newer one (OCPP 1.6 §5.16.4). */
function isReplaced(other: InstalledProfile, draft: ProfileDraft, { connector }: Place): boolean {
  return (
    other.connector === connector &&
    other.profile.chargingProfilePurpose === draft.chargingProfilePurpose &&
    other.profile.stackLevel === (draft.stackLevel ?? 0)
  );
}

function idOf({ profile }: InstalledProfile): number {
  return profile.chargingProfileId;
}

/** The lowest that is free: it stays far below those of profiles that go with a remote start. */
function freeId(installed: readonly InstalledProfile[]): number {
  const taken = new Set(installed.map(idOf));
  let free = 1;
  while (taken.has(free)) free += 1;
  return free;
}

async function findPlace(
  r: Repositories,
  station: Station,
  { draft, connector, session }: ProfileRequest,
): Promise<Place> {
  const purpose = draft.chargingProfilePurpose;
  if (purpose === 'TxProfile') {
    const wanted = session ?? draft.transactionId?.toString();
    const running =
      wanted === undefined
        ? await findRunning(r, station, connector)
        : await checkRunning(await naming('--session', findSession(r, wanted)), station, connector);
    return { connector: running.connector, transactionId: running.transactionId };
  }
  if (session !== undefined) {
    throw new FleetError('USAGE', `--session is for a TxProfile, not for a ${purpose}.`, {
      suggestions: ['--purpose TxProfile'],
    });
  }
  const where = connector ?? 0;
  const why = checkPlace(purpose, where);
  if (why !== undefined) throw new FleetError('USAGE', why, { suggestions: ['--connector 0'] });
  if (where > 0) await checkConnector(r, station, where);
  return { connector: where };
}

async function findRunning(
  r: Repositories,
  station: Station,
  connector: number | undefined,
): Promise<Session> {
  if (connector !== undefined) {
    const why = checkPlace('TxProfile', connector);
    if (why !== undefined) throw new FleetError('USAGE', why, { suggestions: ['--connector 1'] });
    await checkConnector(r, station, connector);
  }
  // Newest first: of several on one connector it is the real one (field trap 23).
  const [first, ...others] = await r.sessions.listOpen(station.uuid, connector);
  if (!first) {
    const place = connector === undefined ? station.id : `connector ${connector} of ${station.id}`;
    throw new FleetError('NOT_FOUND', `No session is running on ${place}, and a TxProfile is for one.`, {
      suggestions: ['--purpose TxDefaultProfile', 'evfleet session list --state active'],
    });
  }
  const elsewhere = others.filter((other) => other.connector !== first.connector);
  if (elsewhere.length === 0) return first;
  throw new FleetError('USAGE', `${station.id} has running sessions on several connectors.`, {
    suggestions: ['--connector or --session, to say which is meant'],
  });
}

function checkRunning(session: Session, station: Station, connector: number | undefined): Session {
  const { transactionId, stationId, stationUuid } = session;
  if (stationUuid !== station.uuid) {
    throw new FleetError('USAGE', `Session ${transactionId} is one of ${stationId}, not of ${station.id}.`);
  }
  if (session.stoppedAt !== null) {
    throw new FleetError('CONFLICT', `Session ${transactionId} has ended, and a TxProfile ends with it.`, {
      suggestions: [`evfleet session show ${transactionId}`],
    });
  }
  if (connector === undefined || connector === session.connector) return session;
  const place = `on connector ${session.connector}, not on ${connector}`;
  throw new FleetError('USAGE', `Session ${transactionId} runs ${place}.`);
}

function unfit(stationId: string, why: string): FleetError {
  return new FleetError('USAGE', `${stationId} ${why}; nothing was sent.`, {
    suggestions: [`evfleet profile list ${quoteForShell(stationId)}`],
  });
}

function refused(stationId: string, status: string, { chargingProfilePurpose }: ChargingProfile): Refusal {
  const why =
    status === 'NotSupported'
      ? `${stationId} takes no charging profiles: it answered NotSupported.`
      : `${stationId} refused the ${chargingProfilePurpose}: it answered ${status}.`;
  return new Refusal(stationId, status, why, [`evfleet profile list ${quoteForShell(stationId)}`]);
}

function where({ connector, profile }: InstalledProfile): string {
  const { chargingProfilePurpose: purpose, transactionId } = profile;
  if (transactionId !== undefined) return ` for session ${transactionId} (${purpose})`;
  const place = connector === 0 ? '' : ` on connector ${connector}`;
  return `${place} (${purpose})`;
}

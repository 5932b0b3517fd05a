import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { PendingKeyState, Station } from '../../domain/model.js';
import { quoteForShell } from '../../domain/shell.js';
import { generatedKeyBytes, spellKey } from '../../domain/station/authorization-key.js';
import { joinHashes, pendingHashes, stationKeyHasher } from '../../domain/station/station-key-hash.js';
import { siteManagers } from '../access.js';
import { bulk, bulkInput, bulkOutcome, type Done } from '../bulk.js';
import { type OperationContext, stream } from '../operation.js';
import { isAnswerLost, Refusal, statusOfRefusal } from '../remote/refusal.js';
import { notAccepted, reachable, timeoutMs } from '../remote/remote-call.js';
import { timeLeft, waitMs } from '../remote/remote-wait.js';
import { Turns } from '../turns.js';

/** Keys of which a station may have any one, because none of them was answered. */
const unansweredMax = 3;

/** RFC 6455: the server is about to be there again. What a station does about it is to come back. */
const comeBack = 1012;

const turns = new Turns();

export const stationRotateKeyOperations = {
  'station.rotate-key': stream({
    summary: 'Give stations new keys, over their connections',
    access: siteManagers,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      timeoutMs,
      /** When given, wait until the station has shown the new key, this long in all. */
      waitMs,
      /** Ends the connection of a station that accepted, so that it shows the new key at once. */
      reconnect: Type.Optional(Type.Boolean()),
    }),
    /** In `detail`, `shown`: whether the station has shown the new key already. */
    output: bulkOutcome,
    run: (context, { targets, concurrency, ...input }) =>
      bulk(context, targets, { concurrency }, (station, signal) =>
        turns.take(station.uuid, signal, () => rotate({ ...context, signal }, station, input)),
      ),
  }),
};

interface Rotation {
  readonly timeoutMs: number;
  readonly waitMs?: number | undefined;
  readonly reconnect?: boolean | undefined;
}

/**
 * The new key is good from before it is sent, and the one before until the new one was shown: whatever becomes of the
 * answer, or of this process, the station gets in with the key that it has.
 */
async function rotate(context: OperationContext, station: Station, input: Rotation): Promise<Done> {
  const { clock, newSecret, signal } = context;
  const { timeoutMs, waitMs, reconnect = false } = input;
  const { id, uuid } = station;
  const live = reachable(context, station);
  if (station.registration === 'rejected') throw notAccepted(station);
  const requestedAt = clock.now();
  const connection = live.connectionId(uuid);
  const isEncrypted = live.shownSecurity(uuid)?.isEncrypted ?? false;
  const bytes = Buffer.from(newSecret(generatedKeyBytes));
  const hash = stationKeyHasher.hashGenerated(bytes, newSecret);
  await expect(context, station, hash);
  const payload = { key: 'AuthorizationKey', value: spellKey(bytes) };
  const status = await live
    .call(station, 'ChangeConfiguration', payload, { timeoutMs, signal })
    .then((answer) => String(answer.status))
    .catch((error: unknown) => unanswered(context, station, hash, error));
  if (status !== 'Accepted' && status !== 'RebootRequired') {
    await forget(context, station, hash);
    const why = status === 'NotSupported' ? ', it has no such setting' : '';
    throw new Refusal(id, status, `${id} refused its new key: ${status}${why}. The one before stays good.`);
  }
  const isGood = await answered(context, station, hash, status === 'Accepted' ? 'accepted' : 'reboot');
  if (!isGood) throw overtaken(station, status);
  const inClear = isEncrypted ? '' : ' The key went over a connection without TLS.';
  if (reconnect && live.connectionId(uuid) === connection) {
    live.disconnect(uuid, 'come back with the new key', comeBack);
  }
  if (waitMs === undefined) {
    const until = status === 'Accepted' ? 'it connects with it' : 'it has booted and connects with it';
    return {
      status,
      message: `${id} answered ${status}: both keys are good until ${until}.${inClear}`,
      detail: { shown: false },
    };
  }
  const outcome = await live.waitFor(
    async () => {
      const current = await context.store.read((r) => r.stations.findByUuid(uuid));
      if (current?.authKeyHash === hash) return 'shown' as const;
      const now = live.connectionId(uuid);
      if (now === undefined || now === connection) return undefined;
      const { hasCertificate = false, keyHash = null } = live.shownSecurity(uuid) ?? {};
      return hasCertificate && keyHash === null ? ('none' as const) : ('old' as const);
    },
    { timeoutMs: timeLeft(waitMs, requestedAt, clock), signal, stationUuid: uuid },
  );
  if (outcome === 'shown') {
    return { status, message: `${id} is back with its new key.${inClear}`, detail: { shown: true } };
  }
  const what = {
    none: 'logs in by its certificate, without a key that is good: the new one and the one before both stay good',
    old: 'is back without it; the key before is still good',
    nothing: 'has not shown it yet',
  }[outcome ?? 'nothing'];
  const reset = `evfleet remote reset ${quoteForShell(id)}, then it may take the key`;
  throw new FleetError('TIMED_OUT', `${id} answered ${status} to its new key, but ${what}.`, {
    suggestions: [`evfleet station show ${quoteForShell(id)}`, ...(outcome === 'none' ? [] : [reset])],
  });
}

/** @throws FleetError CONFLICT when nobody knows any more which key the station has */
async function expect({ store, clock }: OperationContext, station: Station, hash: string): Promise<void> {
  await store.write(async (r) => {
    const current = await r.stations.findByUuid(station.uuid);
    const hashes = pendingHashes(current?.pendingAuthKeyHash ?? null);
    if (hashes.length >= unansweredMax) {
      const { id } = station;
      throw new FleetError('CONFLICT', `${id} was sent ${unansweredMax} keys, and has shown none of them.`, {
        suggestions: [
          'Have it connect anew: then it shows which one it has.',
          `evfleet station update ${quoteForShell(id)} --generate-auth-key, and type the key into it`,
        ],
      });
    }
    await r.stations.update(station.uuid, {
      pendingAuthKeyHash: joinHashes([...hashes, hash]),
      pendingAuthKeyAt: clock.now(),
      pendingAuthKeyState: 'sent',
    });
  });
}

/**
 * The status of a CALLERROR, which is a no.
 * @throws what went wrong; it says what counts now
 */
async function unanswered(
  context: OperationContext,
  station: Station,
  hash: string,
  error: unknown,
): Promise<string> {
  const refusal = error instanceof FleetError ? statusOfRefusal(error) : null;
  if (refusal !== null) return refusal;
  const mayHaveIt =
    context.signal.aborted ||
    isAnswerLost(error) ||
    (error instanceof FleetError && error.code === 'TIMED_OUT');
  if (!mayHaveIt) await forget(context, station, hash);
  if (!(error instanceof FleetError)) throw error;
  const counts = mayHaveIt
    ? 'It may have taken its new key: that and the one before are good until it connects with the new one.'
    : 'It was not sent a new key.';
  const { code, message, suggestions, cause } = error;
  throw new FleetError(code, `${message} ${counts}`, { suggestions, cause });
}

/**
 * It has said yes: what it was sent before, it has no more. Unless it has shown the key meanwhile.
 * @returns whether the key opens: somebody may have given it another one here, or taken its keys away
 */
async function answered(
  { store }: OperationContext,
  { uuid }: Station,
  hash: string,
  state: PendingKeyState,
): Promise<boolean> {
  return store.write(async (r) => {
    const current = await r.stations.findByUuid(uuid);
    const hashes = pendingHashes(current?.pendingAuthKeyHash ?? null);
    if (!hashes.includes(hash)) return current?.authKeyHash === hash;
    const left = state === 'accepted' ? [hash] : hashes;
    await r.stations.update(uuid, { pendingAuthKeyHash: joinHashes(left), pendingAuthKeyState: state });
    return true;
  });
}

function overtaken({ id }: Station, status: string): FleetError {
  const message = `${id} answered ${status}, but somebody has set or taken away its key here meanwhile: that which it has now opens nothing.`;
  return new FleetError('CONFLICT', message, {
    suggestions: [`evfleet station rotate-key ${quoteForShell(id)}, as long as it is connected`],
  });
}

/** It does not have this key. */
async function forget({ store }: OperationContext, { uuid }: Station, hash: string): Promise<void> {
  await store.write(async (r) => {
    const hashes = pendingHashes((await r.stations.findByUuid(uuid))?.pendingAuthKeyHash ?? null);
    const left = hashes.filter((one) => one !== hash);
    if (left.length === hashes.length) return;
    await r.stations.update(uuid, {
      pendingAuthKeyHash: joinHashes(left),
      ...(left.length === 0 && { pendingAuthKeyAt: null, pendingAuthKeyState: null }),
    });
  });
}

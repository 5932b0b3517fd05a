import { Type } from '@sinclair/typebox';
import { concurrencyDefault } from '../../domain/bulk-limits.js';
import { type ErrorCode, FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { nearest } from '../../domain/nearest.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { transferProtocols } from '../../domain/station/file-exchange.js';
import {
  type FirmwareImage,
  type FirmwareRollout,
  type FirmwareTarget,
  isSameVersion,
} from '../../domain/station/firmware.js';
import { waveOf, waveSizes } from '../../domain/station/firmware-waves.js';
import { staff } from '../access.js';
import { type BulkOutcome, bulkInput, bulkOutcome } from '../bulk.js';
import { type OperationContext, stream } from '../operation.js';
import { notAccepted, reachable } from '../remote/remote-call.js';
import { resolveTargets } from '../selector.js';
import { oneOf } from '../shared.js';
import { nameFlags, rolloutsKept } from './firmware.js';
import { followRollout } from './firmware-follow.js';

const count = Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 }));

const input = Type.Object({
  ...bulkInput,
  version: Type.String({ minLength: 1, maxLength: 50 }),
  /** From when on stations may fetch the image, milliseconds since the epoch; at once when left out. */
  at: Type.Optional(Type.Integer()),
  /** How often a station tries again to download. */
  retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  retryIntervalS: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  signed: Type.Optional(Type.Boolean()),
  protocol: Type.Optional(oneOf(...transferProtocols)),
  /** Also for a model that the image is not for, a version that runs already, and in place of an update under way. */
  force: Type.Optional(Type.Boolean()),
  canary: count,
  wave: count,
  maxFailures: Type.Optional(Type.Integer({ minimum: 0, maximum: 20_000 })),
  timeoutMs: Type.Integer({ minimum: 100, maximum: 3_600_000 }),
  /** Until every station is judged, not only told. */
  wait: Type.Optional(Type.Boolean()),
});
type Wanted = (typeof input)['static'];

export const firmwareUpdateOperations = {
  'firmware.update': stream({
    summary: 'Update the firmware of stations, wave by wave',
    access: staff,
    effect: 'change',
    live: true,
    input,
    output: bulkOutcome,
    async *run(context, wanted) {
      const { clock } = context;
      if (wanted.at !== undefined && wanted.at < clock.now()) {
        throw new FleetError('USAGE', `--at is in the past: ${new Date(wanted.at).toISOString()}.`);
      }
      const { settled, rollout } = await plan(context, wanted);
      if (settled.length > 0) yield settled;
      if (rollout) yield* followRollout(context, rollout, { wait: wanted.wait ?? false });
    },
  }),
};

/** Checks every station, and writes the rollout of those that are fit for it. */
async function plan(
  context: OperationContext,
  wanted: Wanted,
): Promise<{ settled: BulkOutcome[]; rollout: FirmwareRollout | undefined }> {
  const { store, live, clock } = context;
  const now = clock.now();
  return store.write(async (r) => {
    const stations = await resolveTargets(r, live, wanted.targets);
    const images = await findImages(r, wanted.version);
    const settled: BulkOutcome[] = [];
    const chosen: { station: Station; image: FirmwareImage }[] = [];
    for (const station of stations) {
      try {
        const image = choose(context, station, images, wanted);
        const current = await r.firmwareRollouts.findOpenTarget(station.uuid);
        if (current && !wanted.force) throw underWay(station, current);
        if (image === 'running') settled.push(runsAlready(station, wanted.version));
        else {
          if (current) await replace(r, current, now);
          chosen.push({ station, image });
        }
      } catch (error) {
        if (!(error instanceof FleetError) || error.code === 'USAGE') throw error;
        settled.push(refused(station, error));
      }
    }
    if (chosen.length === 0) return { settled, rollout: undefined };
    const rollout = await insertRollout(r, wanted, chosen, now);
    return { settled, rollout };
  });
}

async function insertRollout(
  r: Repositories,
  wanted: Wanted,
  chosen: readonly { station: Station; image: FirmwareImage }[],
  now: number,
): Promise<FirmwareRollout> {
  const id = await r.firmwareRollouts.nextId();
  const sizes = waveSizes(chosen.length, { canary: wanted.canary ?? 0, wave: wanted.wave ?? 0 });
  const rollout: FirmwareRollout = {
    id,
    version: chosen[0]?.image.version ?? wanted.version,
    signed: wanted.signed ?? false,
    protocol: wanted.protocol ?? 'http',
    retrieveAt: wanted.at ?? null,
    retries: wanted.retries ?? null,
    retryIntervalS: wanted.retryIntervalS ?? null,
    answerTimeoutMs: wanted.timeoutMs,
    concurrency: wanted.concurrency ?? concurrencyDefault,
    maxFailures: wanted.maxFailures ?? 0,
    state: 'running',
    wave: 0,
    waves: sizes.length,
    waveStartedAt: now,
    createdAt: now,
    endedAt: null,
  };
  const targets = chosen.map(({ station, image }, position) => ({
    ...untouched,
    rolloutId: id,
    stationUuid: station.uuid,
    stationId: station.id,
    imageUuid: image.uuid,
    wave: waveOf(position, sizes),
    fromVersion: station.firmwareVersion,
  }));
  await r.firmwareRollouts.insert(rollout, targets);
  await r.firmwareRollouts.removeOld(rolloutsKept);
  return rollout;
}

const untouched = {
  state: 'waiting',
  status: null,
  reason: null,
  detail: null,
  failures: 0,
  sentAt: null,
  offerUser: null,
  offerPassword: null,
  dueAt: null,
  endedAt: null,
} as const;

async function findImages(r: Repositories, version: string): Promise<FirmwareImage[]> {
  const images = await r.firmwareImages.list({ version });
  if (images.length > 0) return images;
  const versions = (await r.firmwareImages.list()).map((image) => image.version);
  const near = nearest(version, versions);
  throw new FleetError('NOT_FOUND', `There is no firmware ${JSON.stringify(version)}.`, {
    suggestions: [
      ...(near === undefined ? [] : [`--version ${quoteForShell(near)}`]),
      `evfleet firmware upload FILE --vendor V --model M --version ${quoteForShell(version)}`,
    ],
  });
}

/** The image for a station; `running` when it has that version. @throws FleetError why it cannot be updated */
function choose(
  context: OperationContext,
  station: Station,
  images: readonly FirmwareImage[],
  { version, force = false, signed = false }: Wanted,
): FirmwareImage | 'running' {
  const [only, ...others] = images;
  const fitting = images.find(
    (image) => isSame(image.vendor, station.vendor) && isSame(image.model, station.model),
  );
  const image = fitting ?? (force && others.length === 0 ? only : undefined);
  if (!image) throw noImage(station, images, force);
  if (signed && (image.signature === null || image.certificate === null)) {
    throw new FleetError(
      'USAGE',
      `Firmware ${version} for ${image.vendor} ${image.model} has no signature.`,
      {
        suggestions: ['evfleet firmware upload with --signature-file and --certificate-file'],
      },
    );
  }
  if (isSameVersion(station.firmwareVersion, image.version) && !force) return 'running';
  if (station.registration !== 'accepted') throw notAccepted(station);
  reachable(context, station);
  return image;
}

function isSame(known: string, reported: string | null): boolean {
  return reported !== null && known.toLowerCase() === reported.trim().toLowerCase();
}

function noImage(
  { id, vendor, model }: Station,
  images: readonly FirmwareImage[],
  force: boolean,
): FleetError {
  if (vendor === null || model === null) {
    return new FleetError('CONFLICT', `${id} has not said yet what it is, so no image can be chosen for it.`);
  }
  const version = images[0]?.version ?? '';
  const which = images.map((image) => `${image.vendor} ${image.model}`).join(', ');
  return new FleetError(
    'NOT_FOUND',
    `${id} is ${vendor} ${model}, and firmware ${version} is there for ${which} only.`,
    {
      suggestions: [
        `evfleet firmware upload FILE ${nameFlags({ vendor, model, version })}`,
        force
          ? 'With several images --force cannot tell which one is meant.'
          : '--force, to send it all the same',
      ],
    },
  );
}

function underWay({ id }: Station, { rolloutId }: FirmwareTarget): FleetError {
  return new FleetError('CONFLICT', `${id} is being updated by rollout ${rolloutId}.`, {
    suggestions: [`evfleet firmware status ${rolloutId}`, '--force, to replace that update'],
  });
}

async function replace(r: Repositories, current: FirmwareTarget, now: number): Promise<void> {
  await r.firmwareRollouts.updateTarget(current, {
    state: 'cancelled',
    reason: 'ended',
    detail: 'another update took its place',
    dueAt: null,
    endedAt: now,
    offerUser: null,
    offerPassword: null,
  });
}

function runsAlready({ id }: Station, version: string): BulkOutcome {
  const message = `${id} runs ${version} already.`;
  return { stationId: id, ok: true, status: null, message, code: null, detail: null, suggestions: [] };
}

function refused({ id }: Station, { code, message, suggestions }: FleetError): BulkOutcome {
  const why: ErrorCode = code;
  return {
    stationId: id,
    ok: false,
    status: null,
    message,
    code: why,
    detail: null,
    suggestions: [...suggestions],
  };
}

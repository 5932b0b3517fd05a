import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import { plural } from '../../domain/plural.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import type { FirmwareImage, FirmwareRollout } from '../../domain/station/firmware.js';
import type { ImageName } from '../../domain/station/firmware-repositories.js';
import { endRollout } from '../../domain/station/firmware-steps.js';
import { fleetStaff, staff } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findStation } from '../lookup.js';
import { type FirmwareAccess, unary } from '../operation.js';
import { deleteInput, deleteOrIgnore, deleteOutput, given } from '../shared.js';
import {
  firmwareImageView,
  firmwareRolloutView,
  firmwareTargetView,
  toFirmwareImageView,
  toFirmwareRolloutView,
  toFirmwareTargetView,
} from './firmware-view.js';

/** Bytes of an image that come at once; small enough that nobody waits for one. */
const firmwarePieceMaxBytes = 1024 * 1024;

/** OCPP stations and their memory are small; nobody has seen a larger image. */
const firmwareMaxBytes = 2 * 1024 ** 3;

/** Rollouts that a list shows; older ones are forgotten. */
export const rolloutsKept = 200;

/** Stations of one rollout, and rows of a list of them. */
const targetsMax = 20_000;

const imageName = {
  vendor: Type.String({ maxLength: 100 }),
  model: Type.String({ maxLength: 100 }),
  version: Type.String({ maxLength: 100 }),
};

const uploadId = Type.String({ maxLength: 36 });

export const firmwareOperations = {
  'firmware.begin': unary({
    summary: 'Begin to upload an image of firmware',
    access: fleetStaff,
    effect: 'change',
    audit: 'failures',
    input: Type.Object(imageName),
    output: Type.Object({ uploadId: Type.String(), pieceMaxBytes: Type.Integer() }),
    async run(context, name) {
      for (const [field, value] of Object.entries(name)) checkName(`firmware ${field}`, value);
      await context.store.read((r) => checkIsNew(r, name));
      return { uploadId: await files(context).begin(), pieceMaxBytes: firmwarePieceMaxBytes };
    },
  }),

  'firmware.append': unary({
    summary: 'Upload the next piece of an image',
    access: fleetStaff,
    effect: 'change',
    audit: 'failures',
    input: Type.Object({
      uploadId,
      offset: Type.Integer({ minimum: 0, maximum: firmwareMaxBytes }),
      /** Base64. */
      data: Type.String({ minLength: 1, maxLength: Math.ceil(firmwarePieceMaxBytes / 3) * 4 }),
    }),
    output: Type.Object({ sizeBytes: Type.Integer() }),
    async run(context, { uploadId, offset, data }) {
      const piece = Buffer.from(data, 'base64');
      if (offset + piece.byteLength > firmwareMaxBytes) {
        throw new FleetError('USAGE', `An image may have ${firmwareMaxBytes} bytes at most.`);
      }
      return { sizeBytes: await files(context).append(uploadId, offset, piece) };
    },
  }),

  'firmware.finish': unary({
    summary: 'Keep an uploaded image',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object({
      uploadId,
      ...imageName,
      fileName: Type.String({ minLength: 1, maxLength: 255 }),
      /** As whoever sent it reckons; hexadecimal. */
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      /** Base64 and PEM; both or none. */
      signature: Type.Optional(Type.String({ minLength: 1, maxLength: 800 })),
      certificate: Type.Optional(Type.String({ minLength: 1, maxLength: 5500 })),
    }),
    output: firmwareImageView,
    async run(context, { uploadId, fileName, sha256, signature, certificate, ...name }) {
      const { store, clock, newId } = context;
      const storage = files(context);
      if ((signature === undefined) !== (certificate === undefined)) {
        throw new FleetError('USAGE', 'A signature and the certificate of who signed belong together.');
      }
      const measured = await storage.measure(uploadId);
      if (measured.sizeBytes === 0) throw new FleetError('USAGE', `${fileName} is empty.`);
      if (measured.sha256 !== sha256) {
        throw new FleetError('CONFLICT', `${fileName} did not arrive as it was sent: its SHA-256 differs.`);
      }
      const image: FirmwareImage = {
        uuid: newId(),
        ...name,
        fileName: safeFileName(fileName),
        ...measured,
        signature: signature ?? null,
        certificate: certificate ?? null,
        createdAt: clock.now(),
      };
      // The file first: a crash in between leaves one that nobody knows, never a row without its file.
      await storage.keep(uploadId, image.uuid);
      try {
        await store.write(async (r) => {
          await checkIsNew(r, name);
          await r.firmwareImages.insert(image);
        });
      } catch (error) {
        await storage.remove(image.uuid);
        throw error;
      }
      return toFirmwareImageView(image);
    },
  }),

  'firmware.list': unary({
    summary: 'List the images of firmware',
    access: staff,
    effect: 'read',
    input: Type.Object({ ...partialName(), ...listQuery }),
    output: listOf(firmwareImageView),
    async run({ store }, { vendor, model, version, ...query }) {
      const images = await store.read((r) => r.firmwareImages.list(given({ vendor, model, version })));
      return applyListQuery(images.map(toFirmwareImageView), query, fieldsOf(firmwareImageView));
    },
  }),

  'firmware.delete': unary({
    summary: 'Delete an image of firmware',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object({ ...imageName, ...deleteInput }),
    output: deleteOutput,
    run: (context, { ignoreNotFound, ...name }) =>
      deleteOrIgnore(ignoreNotFound, async () => {
        const image = await context.store.write(async (r) => {
          const found = await findImage(r, name);
          const uses = await r.firmwareRollouts.countUses(found.uuid);
          if (uses > 0) {
            throw new FleetError(
              'HAS_CHILDREN',
              `${plural(uses, 'station')} ${uses === 1 ? 'is' : 'are'} being updated with this image.`,
              {
                suggestions: ['evfleet firmware status'],
              },
            );
          }
          await r.firmwareImages.delete(found.uuid);
          return found;
        });
        await files(context).remove(image.uuid);
      }),
  }),

  'firmware.rollouts': unary({
    summary: 'List the firmware rollouts, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object(listQuery),
    output: listOf(firmwareRolloutView),
    async run({ store }, query) {
      const rollouts = await store.read(async (r) => {
        const views = [];
        for (const rollout of await r.firmwareRollouts.list({ limit: rolloutsKept })) {
          views.push(toFirmwareRolloutView(rollout, await r.firmwareRollouts.tally(rollout.id)));
        }
        return views;
      });
      return applyListQuery(rollouts, query, fieldsOf(firmwareRolloutView));
    },
  }),

  'firmware.status': unary({
    summary: 'Show how far the stations of a rollout are, or the updates of a station',
    access: staff,
    effect: 'read',
    input: Type.Object({
      /** A station id or the number of a rollout. */
      of: Type.String(),
      ...listQuery,
    }),
    output: listOf(firmwareTargetView),
    async run({ store }, { of, ...query }) {
      const views = await store.read(async (r) => {
        const filter = await findSubject(r, of);
        const versions = new Map<number, string>();
        const targets = await r.firmwareRollouts.listTargets(filter, { limit: targetsMax });
        for (const { rolloutId, imageUuid } of targets) {
          if (versions.has(rolloutId)) continue;
          // A rollout may be out of sight for stations of other sites that are in it.
          const named =
            (await r.firmwareRollouts.find(rolloutId)) ?? (await r.firmwareImages.findByUuid(imageUuid));
          versions.set(rolloutId, named?.version ?? '');
        }
        return targets.map((target) => toFirmwareTargetView(target, versions.get(target.rolloutId) ?? ''));
      });
      return applyListQuery(views, query, fieldsOf(firmwareTargetView));
    },
  }),

  'firmware.cancel': unary({
    summary: 'Tell no more stations of a rollout',
    access: staff,
    effect: 'change',
    input: Type.Object({ rollout: Type.Integer({ minimum: 1 }) }),
    output: firmwareRolloutView,
    run: ({ store, clock }, { rollout: id }) =>
      store.write(async (r) => {
        const rollout = await findRollout(r, id);
        if (rollout.state !== 'running') {
          throw new FleetError('CONFLICT', `Rollout ${id} is ${rollout.state} already.`, {
            suggestions: [`evfleet firmware status ${id}`],
          });
        }
        await endRollout(r, rollout, 'cancelled', 'the rollout was cancelled', clock.now());
        return toFirmwareRolloutView(await findRollout(r, id), await r.firmwareRollouts.tally(id));
      }),
  }),
};

function partialName() {
  const { vendor, model, version } = imageName;
  return { vendor: Type.Optional(vendor), model: Type.Optional(model), version: Type.Optional(version) };
}

function files({ firmware }: { firmware?: FirmwareAccess | undefined }): FirmwareAccess['files'] {
  if (firmware) return firmware.files;
  throw new FleetError('UNEXPECTED', 'There is no place for images of firmware here.');
}

async function checkIsNew(r: Repositories, name: ImageName): Promise<void> {
  const existing = await r.firmwareImages.find(name);
  if (!existing) return;
  const { vendor, model, version } = existing;
  throw new FleetError('EXISTS', `There is firmware ${version} for ${vendor} ${model} already.`, {
    suggestions: [`evfleet firmware delete ${nameFlags(existing)}`, 'evfleet firmware list'],
  });
}

export function nameFlags({ vendor, model, version }: ImageName): string {
  const values = { vendor, model, version };
  return Object.entries(values)
    .map(([flag, value]) => `--${flag} ${quoteForShell(value)}`)
    .join(' ');
}

async function findImage(r: Repositories, name: ImageName): Promise<FirmwareImage> {
  const image = await r.firmwareImages.find(name);
  if (image) return image;
  const { vendor, model, version } = name;
  throw new FleetError('NOT_FOUND', `There is no firmware ${version} for ${vendor} ${model}.`, {
    suggestions: ['evfleet firmware list'],
  });
}

async function findRollout(r: Repositories, id: number): Promise<FirmwareRollout> {
  const rollout = await r.firmwareRollouts.find(id);
  if (rollout) return rollout;
  throw new FleetError('NOT_FOUND', `There is no rollout ${id}.`, {
    suggestions: ['evfleet firmware status'],
  });
}

/** A station may have a number for its name; then it is meant. */
async function findSubject(r: Repositories, of: string) {
  const station = await r.stations.findById(of);
  if (!station && /^\d{1,9}$/.test(of)) return { rolloutId: (await findRollout(r, Number(of))).id };
  if (station) return { stationId: station.id };
  const [known] = await r.firmwareRollouts.listTargets({ stationId: of }, { limit: 1 });
  return { stationId: known?.stationId ?? (await findStation(r, of)).id };
}

/** What every station and every file system takes; stations guess the version from it, so that it stays readable. */
function safeFileName(fileName: string): string {
  const safe = fileName
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(-100);
  return safe === '' ? 'firmware.bin' : safe;
}

import { createHash, X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { FleetError } from '../domain/errors.js';
import type { Fleet, Output } from '../operations/fleet.js';
import { whyUnreadable } from './files/text-file.js';

export interface FirmwareUpload {
  readonly file: string;
  readonly fileName: string;
  readonly vendor: string;
  readonly model: string;
  readonly version: string;
  readonly signature?: string | undefined;
  readonly certificate?: string | undefined;
  readonly onProgress: (sentBytes: number, sizeBytes: number) => void;
}

/** Sends an image piece by piece, so that no more than one piece of it is ever in memory, here or at the server. */
export async function uploadFirmware(
  fleet: Fleet,
  { file, fileName, vendor, model, version, signature, certificate, onProgress }: FirmwareUpload,
  signal: AbortSignal,
): Promise<Output<'firmware.finish'>> {
  const sizeBytes = await sizeOf(file);
  const name = { vendor, model, version };
  const { uploadId, pieceMaxBytes } = await fleet.run('firmware.begin', name);
  const hash = createHash('sha256');
  let sentBytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: pieceMaxBytes, signal })) {
    const piece = chunk as Buffer;
    hash.update(piece);
    await fleet.run('firmware.append', { uploadId, offset: sentBytes, data: piece.toString('base64') });
    sentBytes += piece.byteLength;
    onProgress(sentBytes, sizeBytes);
  }
  const sha256 = hash.digest('hex');
  return fleet.run('firmware.finish', { uploadId, ...name, fileName, sha256, signature, certificate });
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: unknown) => {
    throw unreadable('FILE', file, error);
  });
  if (!found.isFile()) throw new FleetError('USAGE', `The image ${file} is no file.`);
  if (found.size === 0) throw new FleetError('USAGE', `The image ${file} is empty.`);
  return found.size;
}

/** OCPP limits both; files are a little larger with their line breaks. */
const smallFileMaxBytes = 16 * 1024;

/** Base64, from a file that holds either that or the signature itself. @throws FleetError USAGE */
export async function readSignature(file: string): Promise<string> {
  const bytes = await readSmall('--signature-file', file);
  const text = bytes.toString('latin1').replaceAll(/\s+/g, '');
  const signature = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : bytes.toString('base64');
  if (signature === '') throw new FleetError('USAGE', `--signature-file ${file} is empty.`);
  if (signature.length <= 800) return signature;
  throw new FleetError(
    'USAGE',
    `--signature-file ${file} is longer than OCPP allows (800 characters in Base64).`,
  );
}

/** @throws FleetError USAGE when it is no certificate in PEM */
export async function readCertificate(file: string): Promise<string> {
  const pem = (await readSmall('--certificate-file', file)).toString('utf8').trim();
  try {
    new X509Certificate(pem);
    if (!pem.startsWith('-----BEGIN CERTIFICATE-----')) throw new Error('not PEM');
  } catch (error) {
    throw new FleetError('USAGE', `--certificate-file ${file} is no certificate in PEM.`, { cause: error });
  }
  if (pem.length <= 5500) return pem;
  throw new FleetError('USAGE', `--certificate-file ${file} is longer than OCPP allows (5,500 characters).`);
}

async function readSmall(flag: string, file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > smallFileMaxBytes) throw new FleetError('USAGE', `${flag} ${file} has more than 16 KiB.`);
    return await readFile(file);
  } catch (error) {
    throw error instanceof FleetError ? error : unreadable(flag, file, error);
  }
}

function unreadable(what: string, file: string, error: unknown): FleetError {
  return new FleetError('USAGE', `${what} cannot read ${file}: ${whyUnreadable(error)}.`, { cause: error });
}

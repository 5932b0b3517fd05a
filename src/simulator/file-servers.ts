import { ftpDownload, ftpUpload } from './ftp-files.js';
import { httpDownload, httpUpload } from './http-files.js';

/** Largest firmware image that is taken; it is counted and thrown away. */
const MAX_DOWNLOAD_BYTES = 256 * 1024 * 1024;

/** A virtual station moves files only within this machine: nobody else asked to be part of a simulation. */
export function isLoopback(location: string): boolean {
  if (!URL.canParse(location)) return false;
  const { protocol, hostname } = new URL(location);
  const isKnown = protocol === 'http:' || protocol === 'ftp:';
  return isKnown && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** @throws Error when it is not taken, or the reason of `signal` */
export async function upload(
  location: string,
  fileName: string,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  await (isFtp(location) ? ftpUpload : httpUpload)(location, fileName, text, signal);
}

/** @returns its size in bytes @throws Error when it is not given, or the reason of `signal` */
export async function download(location: string, signal: AbortSignal): Promise<number> {
  return (isFtp(location) ? ftpDownload : httpDownload)(location, MAX_DOWNLOAD_BYTES, signal);
}

/** @throws Error for any other machine and any other protocol */
function isFtp(location: string): boolean {
  if (!isLoopback(location)) throw new Error('Not an address of this machine');
  return new URL(location).protocol === 'ftp:';
}

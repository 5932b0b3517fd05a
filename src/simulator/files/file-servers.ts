import { ftpDownload, ftpUpload } from './ftp-files.js';
import { type HttpOptions, httpDownload, httpUpload } from './http-files.js';

/** Largest firmware image that is taken; it is counted and thrown away. */
const MAX_DOWNLOAD_BYTES = 256 * 1024 * 1024;

/** A virtual station moves files only within this machine: nobody else asked to be part of a simulation. */
export function isLoopback(location: string): boolean {
  if (!URL.canParse(location)) return false;
  const { protocol, hostname } = new URL(location);
  const isKnown = protocol === 'http:' || protocol === 'https:' || protocol === 'ftp:';
  return isKnown && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** @throws Error when it is not taken, or the reason of `signal` */
export async function upload(
  location: string,
  fileName: string,
  text: string,
  options: HttpOptions,
): Promise<void> {
  if (isFtp(location)) await ftpUpload(location, fileName, text, options.signal);
  else await httpUpload(location, fileName, text, options);
}

/** @returns its size in bytes @throws Error when it is not given, or the reason of `signal` */
export async function download(location: string, options: HttpOptions): Promise<number> {
  if (isFtp(location)) return ftpDownload(location, MAX_DOWNLOAD_BYTES, options.signal);
  return httpDownload(location, MAX_DOWNLOAD_BYTES, options);
}

/** @throws Error for any other machine and any other protocol */
function isFtp(location: string): boolean {
  if (!isLoopback(location)) throw new Error('Not an address of this machine');
  return new URL(location).protocol === 'ftp:';
}

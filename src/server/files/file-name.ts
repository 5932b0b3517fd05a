import { TransferRefusal } from './transfer-refusal.js';

const maxLength = 255;

/**
 * What a station calls its file: for people only, files on disk are named by the server. An offer is one directory
 * without others in it, so a name may begin with one slash (`/log.zip`) but has none elsewhere.
 * @throws TransferRefusal `name`
 */
export function checkFileName(given: string): string {
  const name = given.startsWith('/') ? given.slice(1) : given;
  const isPlain = !/[/\\\p{Cc}]/u.test(name) && name !== '.' && name !== '..' && name.length <= maxLength;
  if (isPlain) return name;
  throw new TransferRefusal('name', `${JSON.stringify(given.slice(0, 80))} is no name of a file here`);
}

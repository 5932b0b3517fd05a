import { formatProfilePath, type ProfileDraft } from '../../domain/charging/charging-profile.js';
import { readProfile } from '../../domain/charging/read-charging-profile.js';
import { FleetError } from '../../domain/errors.js';
import { readYamlFile } from './yaml-file.js';

/** Problems told at once; the rest only as a number. */
const problemsTold = 5;

/**
 * Reads a charging profile from a file in YAML or JSON, with the names of OCPP; `-` is standard input.
 * @param now milliseconds since the epoch
 * @throws FleetError USAGE with line and column of everything that is wrong
 */
export async function readProfileFile(
  file: string,
  flag: string,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<ProfileDraft> {
  const yaml = await readYamlFile(file, flag, signal);
  const read = readProfile(yaml.value, now);
  if (!('problems' in read)) return read.profile;
  const told = read.problems.slice(0, problemsTold).map(({ path, message }) => {
    const part = message.startsWith('is unknown') ? 'key' : 'value';
    const subject = path.length === 0 ? 'the profile' : formatProfilePath(path);
    return `${yaml.place(path, part)}: ${subject} ${message}${message.endsWith('?') ? '' : '.'}`;
  });
  const more = read.problems.length - told.length;
  if (more > 0) told.push(`And ${more} more.`);
  throw new FleetError('USAGE', told.join(' '), {
    suggestions: ['evfleet profile set --help, which shows a profile as a file'],
  });
}

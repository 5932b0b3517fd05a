import { type CheckResult, ok, problem, warning } from './check-result.js';
import type { ServerCertificate } from './server-facts.js';

/** Who renews does so about a month before; after two weeks more it has failed. */
const endsSoonMs = 14 * 86_400_000;

const advice =
  'Renew it, in the same files; the server notices by itself: evfleet certificate issue server --help';

/** Stations that check the certificate of the server stay away from the moment it ends. */
export function checkServerCertificate(
  { file, validFrom, validTo }: ServerCertificate,
  now: number,
): CheckResult {
  const check = 'tls-certificate';
  const end = new Date(validTo).toISOString();
  if (validTo <= now) return problem(check, `The certificate ${file} has expired: ${end}.`, advice);
  if (validFrom > now) {
    const message = `The certificate ${file} counts from ${new Date(validFrom).toISOString()} only.`;
    return problem(check, message, 'Look at the clock of this machine.');
  }
  if (validTo - now < endsSoonMs && validTo - validFrom > endsSoonMs) {
    return warning(check, `The certificate ${file} ends soon: ${end}.`, advice);
  }
  return ok(check, `The certificate ${file} is good until ${end}.`);
}

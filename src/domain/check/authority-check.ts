import { type CheckResult, ok, problem, warning } from './check-result.js';

/** What an authority signs ends with it: it is to be replaced before the certificates of a year are cut short. */
const endsSoonMs = 400 * 86_400_000;

const advice =
  'Move the directory pki of the data directory away, then evfleet certificate ca create, then certificate install.';

/** Of the fleet's own authority; without one there is nothing to say. @param endsAt of the newest one */
export function checkAuthority(endsAt: number | undefined, now: number): CheckResult[] {
  if (endsAt === undefined) return [];
  const check = 'authority';
  const end = new Date(endsAt).toISOString();
  if (endsAt <= now) return [problem(check, `The certificate of the authority has expired: ${end}.`, advice)];
  if (endsAt - now < endsSoonMs) {
    return [warning(check, `The certificate of the authority ends: ${end}.`, advice)];
  }
  return [ok(check, `The certificate of the authority is good until ${end}.`)];
}

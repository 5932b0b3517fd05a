export type CheckStatus = 'ok' | 'warning' | 'problem';

/** What one check of `doctor` found. */
export interface CheckResult {
  /** Its name, the same in every run: `data-directory`. */
  readonly check: string;
  readonly status: CheckStatus;
  /** What was found, in whole sentences. */
  readonly message: string;
  /** The next command to run, or what else to do; null when there is nothing to do. */
  readonly advice: string | null;
}

export function ok(check: string, message: string): CheckResult {
  return { check, status: 'ok', message, advice: null };
}

/** Works, but perhaps not as it was meant, or not for long. */
export function warning(check: string, message: string, advice: string): CheckResult {
  return { check, status: 'warning', message, advice };
}

/** Does not work, or acknowledged data or secrets are in danger. */
export function problem(check: string, message: string, advice: string): CheckResult {
  return { check, status: 'problem', message, advice };
}

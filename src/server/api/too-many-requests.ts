import { FleetError } from '../../domain/errors.js';

/** Somebody has to wait: what the header `Retry-After` says. */
export class TooManyRequests extends FleetError {
  readonly retryAfterS: number;

  constructor(message: string, waitMs: number) {
    const retryAfterS = Math.max(1, Math.ceil(waitMs / 1000));
    const wait = retryAfterS === 1 ? 'Try again in a second.' : `Try again in ${retryAfterS} seconds.`;
    super('TOO_MANY_REQUESTS', message, { suggestions: [wait] });
    this.retryAfterS = retryAfterS;
  }
}

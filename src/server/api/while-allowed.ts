import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';

export interface Permission {
  readonly clock: Clock;
  /** How often it is asked. */
  readonly everyMs: number;
  /** Whether the caller may still do what they could when they began. */
  readonly isAllowed: () => Promise<boolean>;
}

/**
 * What an operation gives, until its caller may no longer have it: some follow for days, and a key that is revoked, or
 * somebody who is disabled or for other sites from now on, must not go on seeing what was theirs.
 * @throws FleetError NOT_AUTHENTICATED once that is so
 */
export async function* whileAllowed<T>(
  open: (signal: AbortSignal) => AsyncGenerator<T>,
  client: AbortSignal,
  { clock, everyMs, isAllowed }: Permission,
): AsyncGenerator<T> {
  const revoked = new AbortController();
  let isOver = false;
  let cancel = (): void => undefined;
  const look = (): void => {
    if (isOver) return;
    cancel = clock.schedule(everyMs, () => {
      // A store that cannot be read ends the server; it says nothing about the caller.
      isAllowed().then((is) => (is ? look() : revoked.abort(noLonger())), look);
    });
  };
  look();
  try {
    yield* open(AbortSignal.any([client, revoked.signal]));
    // Who follows something ends without an error when told to.
    revoked.signal.throwIfAborted();
  } finally {
    isOver = true;
    cancel();
  }
}

function noLonger(): FleetError {
  return new FleetError('NOT_AUTHENTICATED', 'This key was revoked, or its user may do other things now.', {
    suggestions: ['evfleet whoami', 'Ask whoever looks after the fleet.'],
  });
}

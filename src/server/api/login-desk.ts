import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import { FailureDelay } from '../../domain/failure-delay.js';
import type { Log } from '../../domain/log.js';
import { networkOf, plainAddress } from '../../domain/network.js';
import type { LoggedIn, LogInInput } from '../../operations/people/login.js';
import { WrongPassword } from '../../operations/people/own-password.js';
import type { ApiLimits } from './api-options.js';
import { TooManyRequests } from './too-many-requests.js';
import { UnderWay } from './under-way.js';

/** @throws FleetError NOT_AUTHENTICATED for a wrong password as for an unknown user */
export type LogIn = (input: LogInInput, from: { readonly address: string }) => Promise<LoggedIn>;

export interface LoginDeskOptions {
  readonly logIn: LogIn;
  readonly limits: ApiLimits;
  /** Of networks; shared with those who show wrong keys. */
  readonly failures: FailureDelay;
  readonly clock: Clock;
  readonly log: Log;
}

interface From {
  readonly address: string;
  readonly signal: AbortSignal;
}

/** What looks like an address; what was typed into the wrong field may be a password. */
const emailLike = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/;

/**
 * Takes passwords. A network that guesses has to wait, longer each time. For an e-mail address that many networks
 * guess at, every answer takes its time, the right one too; it is still given, so that nobody can lock out anybody.
 */
export class LoginDesk {
  readonly #options: LoginDeskOptions;
  readonly #emails: FailureDelay;
  readonly #perNetwork: UnderWay;
  readonly #perEmail: UnderWay;

  constructor(options: LoginDeskOptions) {
    this.#options = options;
    const { limits } = options;
    this.#emails = new FailureDelay({
      free: limits.failuresFree,
      firstMs: 250,
      maxMs: limits.loginDelayMaxMs,
      rememberedMax: limits.rememberedMax,
    });
    this.#perNetwork = new UnderWay(limits.loginsPerNetworkMax);
    this.#perEmail = new UnderWay(limits.loginsPerEmailMax);
  }

  /** @throws TooManyRequests; FleetError as `LogIn` */
  logIn(input: LogInInput, { address, signal }: From): Promise<LoggedIn> {
    const { logIn } = this.#options;
    const check = () => logIn(input, { address: plainAddress(address) });
    return this.attempt(check, { what: 'login', email: input.email, address, signal });
  }

  /**
   * Lets somebody try a password, which `check` does.
   * @throws TooManyRequests; FleetError NOT_AUTHENTICATED or WrongPassword when it is wrong; whatever else `check` fails with
   */
  async attempt<T>(
    check: () => Promise<T>,
    { what, email: typed, address, signal }: From & { readonly what: string; readonly email: string },
  ): Promise<T> {
    const { clock, failures } = this.#options;
    const network = networkOf(address);
    const waitMs = failures.waitMs(network, clock.now());
    if (waitMs > 0) throw new TooManyRequests('Too many wrong keys or passwords came from there.', waitMs);
    const email = typed.trim().toLowerCase();
    const leaveNetwork = this.#perNetwork.begin(network);
    const leaveEmail = leaveNetwork && this.#perEmail.begin(email);
    try {
      if (!leaveEmail) throw new TooManyRequests('Too many passwords are being checked at once.', 2000);
      await pause(clock, this.#emails.delayMs(email, clock.now()), signal);
      return await this.#check(check, { what, address, network, email });
    } finally {
      leaveEmail?.();
      leaveNetwork?.();
    }
  }

  async #check<T>(
    check: () => Promise<T>,
    { what, address, network, email }: { what: string; address: string; network: string; email: string },
  ): Promise<T> {
    const { clock, failures, log } = this.#options;
    try {
      const answer = await check();
      this.#emails.forget(email);
      return answer;
    } catch (error) {
      if (isWrong(error)) {
        const now = clock.now();
        failures.failed(network, now);
        this.#emails.failed(email, now);
        log.warn(`${what} refused`, {
          address: plainAddress(address),
          ...(emailLike.test(email) && { email }),
        });
      }
      throw error;
    }
  }
}

function isWrong(error: unknown): boolean {
  return (
    error instanceof WrongPassword || (error instanceof FleetError && error.code === 'NOT_AUTHENTICATED')
  );
}

async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (delayMs === 0) return;
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.schedule(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

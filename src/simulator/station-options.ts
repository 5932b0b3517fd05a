import type { Clock, NewId } from '../domain/clock.js';
import type { BackOffOptions } from './back-off.js';
import type { Outlet } from './charging/outlet.js';
import type { ConfigurationKey } from './configuration-keys.js';
import type { StationObserver } from './observer.js';
import type { Random } from './random.js';
import type { BootInformation } from './registration.js';
import type { SecurityOptions } from './security/station-security.js';

/** `InvalidSignature` concerns signed updates only. */
export type FirmwareFailure = 'InvalidSignature' | 'InstallationFailed';

export interface VirtualStationOptions extends SecurityOptions {
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How many connectors. Default 1. */
  readonly connectors?: number;
  /** What each connector gives. Default AC, three phases, 32 A. */
  readonly outlet?: Outlet;
  /** How many times faster the physical world runs; see StationTime. Default 1. */
  readonly speed?: number;
  /** First reading of every lifetime register, Wh. Default: something plausible. */
  readonly energyWh?: number;
  /** Initial values of configuration keys, instead of the factory values. */
  readonly configuration?: Readonly<Partial<Record<ConfigurationKey, string>>>;
  /** Overrides of what BootNotification tells. */
  readonly boot?: Partial<BootInformation> & { readonly firmwareVersion?: string };
  /** What goes wrong with every update of the firmware; nothing when left out. */
  readonly firmwareFailure?: FirmwareFailure;
  readonly backOff?: BackOffOptions;
  /** Message ids; default random UUIDs. */
  readonly newId?: NewId;
  readonly observer?: StationObserver;
}

export const DEFAULT_OUTLET: Outlet = { kind: 'ac', phases: 3, currentA: 32 };

/** What a station says about itself at boot. */
export function bootInformation(options: VirtualStationOptions, outlet: Outlet): BootInformation {
  const { firmwareVersion: _separate, ...overrides } = options.boot ?? {};
  return {
    chargePointVendor: 'evfleet',
    chargePointModel: outlet.kind === 'ac' ? 'Virtual AC' : 'Virtual DC',
    chargePointSerialNumber: options.identity.slice(0, 25),
    ...overrides,
  };
}

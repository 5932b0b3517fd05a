import type { Language } from './notification.js';

/** Rules: who is told of what. Durations and instants are in milliseconds. */

export const triggers = [
  'connection-lost',
  'charging-started',
  'charging-stopped',
  'fault',
  'not-registered',
  'security',
  'firmware-failed',
  'suspect-session',
] as const;

export type Trigger = (typeof triggers)[number];

/** Which stations a rule is for. */
export type RuleScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'site'; readonly siteUuid: string }
  | { readonly kind: 'group'; readonly groupUuid: string }
  | { readonly kind: 'stations'; readonly stationUuids: readonly string[] };

export interface AlarmRule {
  readonly uuid: string;
  /** Unique, case-insensitively. */
  readonly name: string;
  readonly enabled: boolean;
  readonly scope: RuleScope;
  readonly triggers: readonly Trigger[];
  /** E-mail addresses. */
  readonly recipients: readonly string[];
  readonly webhooks: readonly string[];
  readonly language: Language;
  /** How long after the last contact a lost station is told of, ascending. */
  readonly stepsMs: readonly number[];
  /** Whether a station that said goodbye counts as lost too. */
  readonly deliberate: boolean;
  readonly createdAt: number;
}

/** As portals do: after a quarter of an hour, an hour and a day. */
export const defaultStepsMs: readonly number[] = [15 * 60_000, 3600_000, 24 * 3600_000];

export interface AlarmRuleRepository {
  insert(rule: AlarmRule): Promise<void>;
  update(uuid: string, change: Partial<Omit<AlarmRule, 'uuid' | 'createdAt'>>): Promise<void>;
  delete(uuid: string): Promise<void>;
  /** Case-insensitive. */
  findByName(name: string): Promise<AlarmRule | undefined>;
  /** By name. */
  list(): Promise<AlarmRule[]>;
  /** Enabled ones by name, without the stations that they name, which may be many. */
  listEnabled(): Promise<AlarmRule[]>;
  /** Rules that name a station. */
  listUuidsByStation(stationUuid: string): Promise<string[]>;
  /** A station is no more: rules name it no longer. */
  forgetStation(stationUuid: string): Promise<void>;
}

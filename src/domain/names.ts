/** What things are called by whoever types a command: what shells complete. */

export const nameKinds = [
  'alarm',
  'alarm-rule',
  'api-key',
  'certificate',
  'configuration-key',
  'connector',
  'diagnostics',
  'firmware-model',
  'firmware-rollout',
  'firmware-vendor',
  'firmware-version',
  'floor',
  'group',
  'maintenance',
  'outbox',
  'reservation',
  'running-session',
  'session',
  'site',
  'station',
  'station-model',
  'station-vendor',
  'tag',
  'unknown-station',
  'user',
] as const;

export type NameKind = (typeof nameKinds)[number];

export interface NameQuery {
  readonly kind: NameKind;
  /** What they begin with, in any case; '' for all. */
  readonly prefix: string;
  readonly limit: number;
  /** Of this station only, by its id: connectors, configuration keys. */
  readonly station?: string | undefined;
  /** At this site only, by its name: floors, stations. */
  readonly site?: string | undefined;
  /** Firmware of this vendor and model only. */
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  /** What is at these sites only; nothing of what belongs to the whole fleet. */
  readonly siteUuids?: readonly string[] | undefined;
}

export interface Named {
  /** As it is typed. */
  readonly name: string;
  /** What it is, in a few words that never hold a secret; '' when the name says it all. */
  readonly about: string;
}

export interface NameRepository {
  /** In the order in which they are likely to be meant: what is going on first. */
  list(query: NameQuery): Promise<Named[]>;
}

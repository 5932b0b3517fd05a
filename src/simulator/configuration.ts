import { CONFIGURATION_KEYS, type ConfigurationKey, type KeyDefinition } from './configuration-keys.js';

export type ChangeResult = 'Accepted' | 'Rejected' | 'RebootRequired' | 'NotSupported';

/** One element of the GetConfiguration answer. */
export type ConfigurationEntry = { key: string; readonly: boolean; value?: string };

/** The values of a station's configuration keys. Key names match without regard to case (CiString). */
export class Configuration {
  readonly #values = new Map<ConfigurationKey, string>();
  readonly #afterReboot = new Map<ConfigurationKey, string>();
  readonly #onChange: (key: ConfigurationKey, value: string) => void;

  /** `values` replace factory values, read-only ones too; `onChange` hears of every change that took effect. */
  constructor(
    values: Readonly<Partial<Record<ConfigurationKey, string>>>,
    onChange: (key: ConfigurationKey, value: string) => void,
  ) {
    this.#onChange = onChange;
    for (const key of KEYS) this.#values.set(key, values[key] ?? CONFIGURATION_KEYS[key].value);
  }

  text(key: ConfigurationKey): string {
    return this.#values.get(key) ?? '';
  }

  integer(key: ConfigurationKey): number {
    return Number(this.text(key));
  }

  flag(key: ConfigurationKey): boolean {
    return this.text(key) === 'true';
  }

  /** ChangeConfiguration: a value waiting for a reboot is not shown before it is in force. */
  change(name: string, value: string): ChangeResult {
    const key = findKey(name);
    if (key === undefined) return 'NotSupported';
    const definition: KeyDefinition = CONFIGURATION_KEYS[key];
    if (!definition.accepts(value)) return 'Rejected';
    const normal = /^(true|false)$/i.test(value) ? value.toLowerCase() : value;
    if (definition.needsReboot === true) {
      this.#afterReboot.set(key, normal);
      return 'RebootRequired';
    }
    this.#put(key, normal);
    return 'Accepted';
  }

  /** Sets a value on the station's own account, such as the heartbeat interval out of BootNotification.conf. */
  assign(key: ConfigurationKey, value: string): void {
    if (this.text(key) !== value) this.#put(key, value);
  }

  /** A reboot happened: values that waited for it come into force. */
  rebooted(): void {
    for (const [key, value] of this.#afterReboot) this.#put(key, value);
    this.#afterReboot.clear();
  }

  /** GetConfiguration: `names` empty means all keys. */
  list(names: readonly string[]): { known: ConfigurationEntry[]; unknown: string[] } {
    const known: ConfigurationEntry[] = [];
    const unknown: string[] = [];
    for (const name of names.length > 0 ? names : KEYS) {
      const key = findKey(name);
      if (key === undefined) unknown.push(name);
      else known.push(this.#entry(key));
    }
    return { known, unknown };
  }

  #entry(key: ConfigurationKey): ConfigurationEntry {
    const { access }: KeyDefinition = CONFIGURATION_KEYS[key];
    if (access === 'write') return { key, readonly: false };
    return { key, readonly: access === 'read', value: this.text(key) };
  }

  #put(key: ConfigurationKey, value: string): void {
    this.#values.set(key, value);
    this.#onChange(key, value);
  }
}

const KEYS = Object.keys(CONFIGURATION_KEYS) as ConfigurationKey[];
const BY_LOWER_CASE = new Map(KEYS.map((key) => [key.toLowerCase(), key]));

function findKey(name: string): ConfigurationKey | undefined {
  return BY_LOWER_CASE.get(name.toLowerCase());
}

/** Thrown when a payload is not what its action should have; the message is shown as it is then. */
export class UnreadablePayload extends Error {}

/** The fields of a payload, as the words for a message need them. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;

  /** @throws UnreadablePayload when `value` is no object */
  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnreadablePayload();
    this.#object = value as Readonly<Record<string, unknown>>;
  }

  /** Text or a number. @throws UnreadablePayload when it is neither */
  text(name: string): string {
    const text = this.optional(name);
    if (text === undefined) throw new UnreadablePayload();
    return text;
  }

  optional(name: string): string | undefined {
    const value = this.#own(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  /** Some stations write numbers as text. @throws UnreadablePayload when it is no number */
  number(name: string): number {
    const text = this.text(name);
    const value = Number(text);
    if (text === '' || !Number.isFinite(value)) throw new UnreadablePayload();
    return value;
  }

  /** @throws UnreadablePayload when it is there and no list */
  list(name: string): readonly unknown[] {
    const value = this.#own(name) ?? [];
    if (!Array.isArray(value)) throw new UnreadablePayload();
    return value;
  }

  /** @throws UnreadablePayload when it is there and no object */
  fields(name: string): Fields | undefined {
    const value = this.#own(name);
    return value === undefined || value === null ? undefined : new Fields(value);
  }

  has(name: string): boolean {
    return this.#own(name) !== undefined;
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }
}

import type { Repositories } from '../../domain/repositories.js';

/** A thing as the audit shows it: names in the place of uuids, nothing that stations report. */
export interface Picture {
  /** What people call it. */
  readonly target: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is compared, but never shown; null where there is none. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  /** What it consists of, which may be thousands: only who came and who left is of interest. */
  readonly members?: readonly string[];
}

/** Something that people administer, of which the audit keeps what it was and what it became. */
export interface Thing {
  readonly kind: string;
  /** Distinguishes it from others of its kind. */
  readonly key: string;
  /** Written along with what stations report, so that writing it is no sign of a change. */
  readonly isIncidental?: true;
  /** Undefined while there is none. */
  picture(look: Look): Promise<Picture | undefined>;
}

/** The store at one instant; what is asked for again and again is read once. */
export class Look {
  readonly r: Repositories;
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(r: Repositories) {
    this.r = r;
  }

  once<T>(what: string, read: (r: Repositories) => Promise<T>): Promise<T> {
    const known = this.#read.get(what) ?? read(this.r);
    this.#read.set(what, known);
    return known as Promise<T>;
  }

  async siteNames(uuids: readonly string[]): Promise<string[]> {
    if (uuids.length === 0) return [];
    return named(uuids, await this.once('sites', ({ sites }) => sites.list()));
  }

  async groupNames(uuids: readonly string[]): Promise<string[]> {
    if (uuids.length === 0) return [];
    return named(uuids, await this.once('groups', ({ groups }) => groups.list()));
  }

  async email(userUuid: string | null): Promise<string | null> {
    if (userUuid === null) return null;
    const user = await this.once(`user ${userUuid}`, ({ users }) => users.findByUuid(userUuid));
    return user?.email ?? userUuid;
  }
}

function named(uuids: readonly string[], things: readonly { uuid: string; name: string }[]): string[] {
  const names = new Map(things.map(({ uuid, name }) => [uuid, name]));
  return uuids.map((uuid) => names.get(uuid) ?? uuid).sort();
}

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { FleetError } from '../../domain/errors.js';
import { changeCredentials, secureDirectory } from './credentials-write.js';

/** What `login` keeps of one server. */
export interface Credential {
  readonly key: string;
  /** Of the key; no secret. */
  readonly id: string;
  readonly email: string;
  readonly role: string;
  /** ISO 8601, UTC; null when it does not expire. */
  readonly expires: string | null;
}

export interface CredentialsOptions {
  /** Absolute. */
  readonly file: string;
  readonly warn: (message: string) => void;
}

const maxBytes = 1024 * 1024;

/** The keys of this user, by the normalized address of the server: a file that nobody else may read. */
export class Credentials {
  readonly #options: CredentialsOptions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /**
   * By address, in the order of the log-ins. A file that others could read is made the user's own again, with a warning.
   * @throws FleetError NOT_ALLOWED when the file is a link or somebody else's, USAGE when it is not what `login` writes
   */
  async all(): Promise<ReadonlyMap<string, Credential>> {
    const text = await this.#read();
    return text === undefined ? new Map() : parse(text, this.#options.file);
  }

  async get(url: string): Promise<Credential | undefined> {
    return (await this.all()).get(url);
  }

  /** Makes sure that a key could be kept, before there is one. @throws FleetError NOT_ALLOWED like `all` */
  async prepare(): Promise<void> {
    await secureDirectory(this.#options);
    await this.all();
  }

  /** @returns what was kept for this server until now */
  async put(url: string, credential: Credential): Promise<Credential | undefined> {
    await secureDirectory(this.#options);
    return this.#change((all) => {
      const before = all.get(url);
      all.delete(url);
      all.set(url, credential);
      return before;
    });
  }

  /** @param id the key has to have, so that a newer one stays */
  async remove(url: string, id: string): Promise<void> {
    if ((await this.get(url))?.id !== id) return;
    await secureDirectory(this.#options);
    await this.#change((all) => {
      if (all.get(url)?.id === id) all.delete(url);
    });
  }

  async #change<T>(change: (all: Map<string, Credential>) => T): Promise<T> {
    const { file } = this.#options;
    return changeCredentials(file, async () => {
      const all = new Map(await this.all());
      const result = change(all);
      return { result, text: `${JSON.stringify({ servers: Object.fromEntries(all) }, null, 2)}\n` };
    });
  }

  async #read(): Promise<string | undefined> {
    const { file } = this.#options;
    let handle: FileHandle;
    try {
      handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      const reason = code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${String(code)})`;
      throw unusable(file, reason, error);
    }
    try {
      await this.#secure(handle);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  }

  /** Looked at through the open file, so that it cannot be another one by the time that it is read. */
  async #secure(handle: FileHandle): Promise<void> {
    const { file, warn } = this.#options;
    const stat = await handle.stat();
    if (!stat.isFile()) throw unusable(file, 'it is no file');
    if (stat.uid !== process.geteuid?.()) throw unusable(file, 'it belongs to another user');
    if (stat.size > maxBytes) throw unusable(file, 'it is too large');
    if ((stat.mode & 0o077) === 0) return;
    await handle.chmod(0o600);
    warn(
      `${file} could be read by others; now only you can. If somebody may have, revoke the keys in it: evfleet logout --all`,
    );
  }
}

/** Never with what the file holds. */
function parse(text: string, file: string): Map<string, Credential> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message quotes the file.
    throw malformed(file);
  }
  const servers = isObject(content) ? content.servers : undefined;
  if (!isObject(servers)) throw malformed(file);
  const entries = Object.entries(servers).map(([url, value]): [string, Credential] => {
    if (!isCredential(value)) throw malformed(file);
    const { key, id, email, role, expires } = value;
    return [url, { key, id, email, role, expires }];
  });
  return new Map(entries);
}

function isCredential(value: unknown): value is Credential {
  if (!isObject(value)) return false;
  const texts = [value.key, value.id, value.email, value.role];
  const isExpiry = value.expires === null || typeof value.expires === 'string';
  return isExpiry && texts.every((text) => typeof text === 'string');
}

function malformed(file: string): FleetError {
  return new FleetError('USAGE', `${file} is not what evfleet login writes.`, {
    suggestions: [`rm ${file}`, 'evfleet login, again, once it is gone'],
  });
}

function unusable(file: string, reason: string, cause?: unknown): FleetError {
  return new FleetError('NOT_ALLOWED', `The keys in ${file} are not used: ${reason}.`, {
    cause,
    suggestions: ['Put it aside, then: evfleet login', 'EVFLEET_API_KEY or --api-key-file, without the file'],
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

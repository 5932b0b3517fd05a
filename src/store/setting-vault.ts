import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { FleetError } from '../domain/errors.js';
import type { SettingKey } from '../domain/settings.js';

/** Keeps secrets of the settings unreadable in whatever is made of the store: journal, backups, exports. */
export interface SettingCipher {
  seal(key: SettingKey, value: string): string;
  /** Undefined: it was sealed with a key that is not here. What was never sealed comes back as it is. */
  open(key: SettingKey, sealed: string): string | undefined;
}

const prefix = 'sealed:1:';
const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Whether a stored value is one that was sealed, by whichever key. */
export function isSealed(text: string): boolean {
  return text.startsWith(prefix);
}

/**
 * Seals with a key in a file beside the store, which is in no backup: made when it is first needed, and at once on the
 * disk. Without waiting, because repositories answer within a turn of the event loop.
 */
export class SettingVault implements SettingCipher {
  readonly #file: string;
  #key: Buffer | undefined;

  constructor(dataDir: string) {
    this.#file = path.join(dataDir, 'secrets.key');
  }

  /** @throws FleetError STORE_FAILED when there is no key and none can be made */
  seal(key: SettingKey, value: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#keyToSeal(), nonce);
    // What was sealed for one setting is of no use in another.
    cipher.setAAD(Buffer.from(key));
    const content = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return prefix + Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64');
  }

  open(key: SettingKey, sealed: string): string | undefined {
    if (!isSealed(sealed)) return sealed;
    const bytes = Buffer.from(sealed.slice(prefix.length), 'base64');
    try {
      const own = this.#read();
      if (own === undefined) return undefined;
      const decipher = createDecipheriv(algorithm, own, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(key));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const content = bytes.subarray(nonceBytes + tagBytes);
      return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  #keyToSeal(): Buffer {
    try {
      return this.#read() ?? this.#make();
    } catch (error) {
      throw new FleetError('STORE_FAILED', `The key of the secrets cannot be used: ${this.#file}.`, {
        cause: error,
        suggestions: ['Bring the file back as it was, or move it away and set all secrets again.'],
      });
    }
  }

  /** Undefined when there is none. @throws Error when it cannot be read or is none */
  #read(): Buffer | undefined {
    if (this.#key) return this.#key;
    let text: string;
    try {
      text = fs.readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    const key = Buffer.from(text.trim(), 'hex');
    if (key.length !== keyBytes) throw new Error('It is no key.');
    this.#key = key;
    return key;
  }

  #make(): Buffer {
    const key = randomBytes(keyBytes);
    const descriptor = fs.openSync(this.#file, 'wx', 0o600);
    try {
      fs.writeSync(descriptor, `${key.toString('hex')}\n`);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    const directory = fs.openSync(path.dirname(this.#file), 'r');
    try {
      fs.fsyncSync(directory);
    } finally {
      fs.closeSync(directory);
    }
    this.#key = key;
    return key;
  }
}

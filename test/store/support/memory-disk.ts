import path from 'node:path';
import type { Files } from '../../../src/store/files.js';
import { systemError } from './intercepted-files.js';

interface Inode {
  data: Buffer;
  /** What a power cut leaves for certain. */
  durable: Buffer;
}

/** A source of choices: an integer from 0 up to and including `max`. */
export type Choose = (max: number) => number;

/**
 * A disk in memory that forgets in a power cut what was not synced: contents of files, and (until their directory is
 * synced) names.
 */
export class MemoryDisk {
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();

  get(file: string): Buffer {
    return this.#inode(file).data;
  }

  put(file: string, data: Buffer): void {
    const inode = { data, durable: data };
    this.#names.set(file, inode);
    this.#durableNames.set(file, inode);
  }

  remove(file: string): void {
    this.#names.delete(file);
    this.#durableNames.delete(file);
  }

  list(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** The disk as it is when the process is killed: all is there, but not all of it survives a power cut. */
  afterKill(): MemoryDisk {
    const next = new MemoryDisk();
    const copies = new Map<Inode, Inode>();
    for (const [from, to] of [
      [this.#names, next.#names],
      [this.#durableNames, next.#durableNames],
    ] as const) {
      for (const [name, inode] of from) {
        const copy = copies.get(inode) ?? { ...inode };
        copies.set(inode, copy);
        to.set(name, copy);
      }
    }
    return next;
  }

  /** The disk as the next start finds it after a power cut. `choose` decides about everything that was not synced. */
  afterPowerCut(choose: Choose): MemoryDisk {
    const next = new MemoryDisk();
    const names = choose(1) === 0 ? this.#durableNames : this.#names;
    for (const [name, { data, durable }] of names) {
      const common = Math.min(data.length, durable.length);
      const isAppended = data.length > durable.length && data.subarray(0, common).equals(durable);
      const left = isAppended ? tornTail(data, durable.length, choose) : [durable, data][choose(1)];
      next.put(name, Buffer.from(left ?? durable));
    }
    return next;
  }

  readonly files = {
    mkdir: async () => undefined,
    readdir: async (directory: string) =>
      this.list()
        .filter((name) => path.dirname(name) === directory)
        .map((name) => path.basename(name)),
    readFile: async (file: string) => Buffer.from(this.#inode(file).data),
    rename: async (from: string, to: string) => {
      this.#names.set(to, this.#inode(from));
      this.#names.delete(from);
    },
    unlink: async (file: string) => {
      this.#inode(file);
      this.#names.delete(file);
    },
    open: async (file: string, flags: string) => this.#open(file, flags),
  } as unknown as Files;

  #open(file: string, flags: string): unknown {
    if (flags === 'r') return { sync: async () => this.#syncNames(file), close: async () => undefined };
    if (flags === 'wx' && this.#names.has(file)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
    if (flags.startsWith('w') && !this.#names.has(file)) {
      this.#names.set(file, { data: Buffer.alloc(0), durable: Buffer.alloc(0) });
    }
    const inode = this.#inode(file);
    if (flags === 'w') inode.data = Buffer.alloc(0);
    const sync = async () => {
      inode.durable = inode.data;
    };
    return {
      write: async (bytes: Buffer) => {
        inode.data = Buffer.concat([inode.data, bytes]);
        return { bytesWritten: bytes.length };
      },
      writeFile: async (bytes: Uint8Array) => {
        inode.data = Buffer.concat([inode.data, bytes]);
      },
      truncate: async (length: number) => {
        inode.data = inode.data.subarray(0, length);
      },
      sync,
      datasync: sync,
      close: async () => undefined,
    };
  }

  #syncNames(directory: string): void {
    for (const name of this.#durableNames.keys()) {
      if (path.dirname(name) === directory && !this.#names.has(name)) this.#durableNames.delete(name);
    }
    for (const [name, inode] of this.#names) {
      if (path.dirname(name) === directory) this.#durableNames.set(name, inode);
    }
  }

  #inode(file: string): Inode {
    const inode = this.#names.get(file);
    if (!inode) throw systemError('ENOENT');
    return inode;
  }
}

/** The appended bytes may be there up to any point, and what is there may be zeros (length before content). */
function tornTail(data: Buffer, from: number, choose: Choose): Buffer {
  const torn = Buffer.from(data.subarray(0, from + choose(data.length - from)));
  if (choose(3) === 0) torn.fill(0, from + choose(torn.length - from));
  return torn;
}

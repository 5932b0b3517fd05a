import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { type Files, realFiles } from '../../../src/store/files.js';

export interface FileStep {
  readonly operation: string;
  /** Name of the file or directory, without where it lies. */
  readonly name: string;
}

/**
 * Runs before each file operation: throws to make it fail, or gives the number of bytes that a write takes at most.
 */
export type Interceptor = (step: FileStep) => number | undefined;

export function interceptedFiles(intercept: Interceptor, base: Files = realFiles): Files {
  const ofFile =
    (operation: keyof Files) =>
    async (file: string, ...rest: unknown[]): Promise<unknown> => {
      intercept({ operation, name: path.basename(file) });
      return Reflect.apply(base[operation], base, [file, ...rest]);
    };
  return {
    ...base,
    open: async (file: string, ...rest: unknown[]) => {
      intercept({ operation: 'open', name: path.basename(file) });
      const handle: FileHandle = await Reflect.apply(base.open, base, [file, ...rest]);
      return interceptedHandle(handle, path.basename(file), intercept);
    },
    rename: ofFile('rename'),
    unlink: ofFile('unlink'),
    readFile: ofFile('readFile'),
    readdir: ofFile('readdir'),
    mkdir: ofFile('mkdir'),
  } as unknown as Files;
}

function interceptedHandle(handle: FileHandle, name: string, intercept: Interceptor): FileHandle {
  return new Proxy(handle, {
    get(target, operation) {
      const method: unknown = Reflect.get(target, operation);
      if (typeof method !== 'function' || typeof operation !== 'string') return method;
      return async (...args: unknown[]) => {
        const most = intercept({ operation, name });
        if (most !== undefined && operation === 'write' && args[0] instanceof Buffer) {
          args[0] = args[0].subarray(0, most);
        }
        return Reflect.apply(method, target, args);
      };
    },
  });
}

/** What the operating system throws. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made to fail`), { code, syscall: 'test', errno: -1 });
}

/** Fails each operation from now on until told to stop. */
export class Breaker {
  #condition: (step: FileStep) => boolean = () => false;
  #code = 'EIO';
  readonly failed: FileStep[] = [];

  readonly files: Files = interceptedFiles((step) => {
    if (this.#condition(step)) {
      this.failed.push(step);
      throw systemError(this.#code);
    }
    return undefined;
  });

  breakOn(condition: (step: FileStep) => boolean, code = 'EIO'): void {
    this.#condition = condition;
    this.#code = code;
  }

  mend(): void {
    this.#condition = () => false;
  }
}

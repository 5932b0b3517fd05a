import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';
import { afterAll, beforeAll } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A process of its own that runs one of the scripts beside this file. */
export interface Child {
  readonly process: ChildProcess;
  /** What it prints, line by line; the last line may be half one if it was killed. */
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/**
 * Runs scripts against the store as it is in `src`: Node 20 cannot load TypeScript, and a build in `dist` may be
 * missing or old, so the few files of the store are stripped of their types into a directory of their own.
 */
export function childProcesses(): (script: string, ...args: string[]) => Child {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'evfleet-compiled-'));
    await writeFile(path.join(directory, 'package.json'), '{"type":"module"}');
    await symlink(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
    for (const folder of ['src/domain', 'src/store']) await compile(folder, directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return (script, ...args) => {
    const file = fileURLToPath(new URL(script, import.meta.url));
    const store = path.join(directory, 'src/store');
    const child = spawn(process.execPath, [file, store, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<Awaited<Child['exited']>>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    return { process: child, lines: createInterface({ input: child.stdout }), exited };
  };
}

async function compile(folder: string, target: string): Promise<void> {
  const names = await readdir(path.join(root, folder), { recursive: true });
  for (const file of names.filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name))) {
    const { code } = await transformWithOxc(await readFile(path.join(root, file), 'utf8'), file);
    const compiled = path.join(target, file.replace(/\.ts$/, '.js'));
    await mkdir(path.dirname(compiled), { recursive: true });
    await writeFile(compiled, code);
  }
}

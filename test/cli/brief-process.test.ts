import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compileBriefly } from '../../src/cli/brief-process.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

it('a command without a server compiles SQLite quickly, and V8 has nothing to say about it', async () => {
  const dataDir = await temporaryDirectory();
  const argv = ['--trace-wasm-compilation-times', program, 'site', 'list', '--data-dir', dataDir, '--json'];
  const output = execFileSync(process.execPath, argv, { encoding: 'utf8' });
  expect(output).toContain('using Liftoff');
  expect(output).not.toContain('using TurboFan');
  expect(output).toMatch(/\[\]\n$/);
});

it('a Node that may not know the flag is left alone', () => {
  expect(() => compileBriefly('99.1.0')).not.toThrow();
});

import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

/** Loading it takes a tenth of a second, and most commands and servers never make a certificate. */
it('the library that makes certificates is loaded where one is made, and nowhere at the start', async () => {
  const root = path.resolve(import.meta.dirname, '../../src');
  for (const file of await fs.readdir(root, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const text = await fs.readFile(path.join(root, file), 'utf8');
    const isStatic = /^import (?!type )[^;]*'(@peculiar\/x509|reflect-metadata)'/m.test(text);
    expect(isStatic, file).toBe(false);
  }
});

// Brings the benchmarks into dist/bench/, beside the built program that they measure.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const files = readdirSync(fileURLToPath(new URL('.', import.meta.url))).filter((file) =>
  file.endsWith('.ts'),
);

await build({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: {
    'store-worker-main': 'src/store/store-worker-main.ts',
    // Programs of their own are among them.
    ...Object.fromEntries(files.map((file) => [file.slice(0, -'.ts'.length), `bench/${file}`])),
  },
  platform: 'node',
  external: /^[^./]/,
  logLevel: 'warn',
  output: { dir: 'dist/bench', cleanDir: true, format: 'esm', entryFileNames: '[name].js' },
});

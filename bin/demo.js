#!/usr/bin/env node
// `npm run demo`: a server with a scratch data directory and virtual stations that charge. Ctrl-C ends and removes it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const run = fileURLToPath(new URL('run.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'evfleet-demo-'));
const readyFile = join(directory, 'ready.json');
const env = { ...process.env, EVFLEET_DATA_DIR: join(directory, 'data') };
const children = new Set();

/** Starts one evfleet command; `done` resolves with its exit code. */
function evfleet(argv, stdio) {
  const child = spawn(process.execPath, [run, ...argv], { env, stdio });
  children.add(child);
  const done = new Promise((resolve) => {
    child.once('exit', (code) => {
      children.delete(child);
      resolve(code ?? 1);
    });
  });
  return { child, done };
}

async function setUp(...argv) {
  const code = await evfleet(argv, ['ignore', 'ignore', 'inherit']).done;
  if (code !== 0) throw new Error(`evfleet ${argv.join(' ')} ended with ${code}`);
}

function ready() {
  return new Promise((resolve) => {
    const watcher = watch(directory, look);
    function look() {
      if (!existsSync(readyFile)) return;
      watcher.close();
      resolve();
    }
    look();
  });
}

// Ctrl-C reaches the children too; all that is left to do here is to wait for them.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}

try {
  const serve = ['serve', '--port', '0', '--ready-file', readyFile, '--log-format', 'json'];
  const server = evfleet(serve, ['ignore', 'ignore', 'ignore']);
  await Promise.race([
    ready(),
    server.done.then((code) => Promise.reject(new Error(`the server ended with ${code}`))),
  ]);
  const { url } = JSON.parse(await (await import('node:fs/promises')).readFile(readyFile, 'utf8'));

  await setUp('site', 'create', 'Solna', '--address', 'Solnavägen 1', '--lat', '59.36', '--lon', '18.00');
  await setUp('floor', 'create', 'P1', '--site', 'Solna', '--level', '-1');
  await setUp('site', 'create', 'Kista');
  const places = [['Solna', 'P1'], ['Solna', 'P1'], ['Solna'], ['Kista'], ['Kista'], ['Kista']];
  for (const [index, [site, floor]] of places.entries()) {
    const where = floor ? ['--site', site, '--floor', floor] : ['--site', site];
    await setUp('station', 'create', `DEMO-00${index + 1}`, ...where, '--connectors', '2');
  }
  const script = relative(process.cwd(), run);
  const program = script.startsWith('..') ? run : `./${script}`;
  process.stdout.write(`
A fleet of ${places.length} virtual stations is charging. In another terminal:

  export EVFLEET_DATA_DIR=${env.EVFLEET_DATA_DIR}
  ${program} status --watch
  ${program} session list
  ${program} station show DEMO-001

Ctrl-C ends the demo and removes its data.

`);
  const tags = ['DEMO-TAG-1', 'DEMO-TAG-2', 'DEMO-TAG-3', 'DEMO-TAG-4', 'DEMO-TAG-5', 'DEMO-TAG-6'];
  const simulation = evfleet(
    [
      'simulate',
      '--url',
      url,
      '--stations',
      String(places.length),
      '--connectors',
      '2',
      '--id-prefix',
      'DEMO-',
      '--speed',
      '20',
      '--create',
      ...tags.flatMap((tag) => ['--tag', tag]),
    ],
    ['ignore', 'inherit', 'inherit'],
  );
  await simulation.done;
  server.child.kill('SIGTERM');
  await server.done;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

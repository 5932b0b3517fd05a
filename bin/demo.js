#!/usr/bin/env node
// `npm run demo`: a server with a scratch data directory and virtual stations that charge. Ctrl-C ends and removes it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const run = fileURLToPath(new URL('run.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'evfleet-demo-'));
const readyFile = join(directory, 'ready.json');
const env = { ...process.env, EVFLEET_DATA_DIR: join(directory, 'data') };
const children = new Set();
/** The command that works right now; the server stays behind it. */
let foreground;
let isInterrupted = false;

/**
 * Starts one evfleet command; `done` resolves with its exit code. In a process group of its own: Ctrl-C is for the demo
 * alone, which ends the simulation first and then the server, each by one signal.
 */
function evfleet(argv, stdio) {
  const child = spawn(process.execPath, [run, ...argv], { env, stdio, detached: true });
  children.add(child);
  const done = new Promise((resolve) => {
    child.once('exit', (code) => {
      children.delete(child);
      resolve(code ?? 1);
    });
  });
  return { child, done };
}

async function inForeground(argv, stdio) {
  if (isInterrupted) return 1;
  const { child, done } = evfleet(argv, stdio);
  foreground = child;
  const code = await done;
  foreground = undefined;
  return code;
}

async function setUp(...argv) {
  const code = await inForeground(argv, ['ignore', 'ignore', 'inherit']);
  if (code !== 0) throw new Error(`evfleet ${argv.join(' ')} ended with ${code}`);
}

/** Resolves when the server has written its ready file; the signal ends the watch. */
function ready(signal) {
  return new Promise((resolve) => {
    const look = () => existsSync(readyFile) && resolve();
    watch(directory, { signal }, look);
    look();
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    isInterrupted = true;
    foreground?.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
}

try {
  const serve = ['serve', '--port', '0', '--ready-file', readyFile, '--log-level', 'error'];
  const server = evfleet(serve, ['ignore', 'ignore', 'inherit']);
  const watching = new AbortController();
  await Promise.race([
    ready(watching.signal),
    server.done.then((code) => Promise.reject(new Error(`the server ended with ${code}`))),
  ]).finally(() => watching.abort());
  const { url } = JSON.parse(readFileSync(readyFile, 'utf8'));

  await setUp('site', 'create', 'Solna', '--address', 'Solnavägen 1', '--lat', '59.36', '--lon', '18.00');
  await setUp('floor', 'create', 'P1', '--site', 'Solna', '--level', '-1');
  await setUp('site', 'create', 'Kista');
  const places = [['Solna', 'P1'], ['Solna', 'P1'], ['Solna'], ['Kista'], ['Kista'], ['Kista']];
  const lines = places.map(([site, floor = ''], index) => `DEMO-00${index + 1},${site},${floor},2,11`);
  const file = join(directory, 'stations.csv');
  writeFileSync(file, `id,site,floor,connectors,maxPowerKw\n${lines.join('\n')}\n`);
  await setUp('station', 'import', file);
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
  await inForeground(
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
} catch (error) {
  if (!isInterrupted) {
    process.stderr.write(`The demo failed: ${error.message}\n`);
    process.exitCode = 1;
  }
} finally {
  const ended = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ended);
  rmSync(directory, { recursive: true, force: true });
}

// Usage: lock-contender.mjs <compiled store> <data directory> <rounds> [die]
// Takes the lock again and again, and proves that it is alone by creating a file that must not exist. With `die`
// it ends as by a power cut while holding the lock in its last round.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [compiled, directory, rounds, end] = process.argv.slice(2);
const { acquireLock } = await import(path.join(compiled, 'lock.js'));
const proof = path.join(directory, 'holder');

for (let round = 1; round <= Number(rounds); round += 1) {
  const lock = await acquireLock(directory, { command: 'contend', timeoutMs: 15_000 });
  const isDying = end === 'die' && round === Number(rounds);
  fs.writeFileSync(proof, String(process.pid), { flag: 'wx' });
  await sleep(Math.random() * 3);
  fs.unlinkSync(proof);
  fs.writeSync(1, 'held\n');
  if (isDying) process.kill(process.pid, 'SIGKILL');
  await lock.release();
}

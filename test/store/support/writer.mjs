// Usage: writer.mjs <compiled store> <data directory> <first number>
// Writes numbered tags, several at once, and prints the number of each as soon as its commit is acknowledged.
import { writeSync } from 'node:fs';
import path from 'node:path';

const [compiled, directory, first] = process.argv.slice(2);
const { FleetStore } = await import(path.join(compiled, 'fleet-store.js'));
const { newTag } = await import(path.join(compiled, '../domain/new-entities.js'));

const store = await FleetStore.open({
  directory,
  command: 'writer',
  lockTimeoutMs: 5000,
  now: () => 0,
  segmentMaxBytes: 4000,
  // At starts and, in the middle of everything, while it writes.
  compactAtBytes: 30_000,
  compactionLimits: { bytes: 1e9, segments: 3 },
});
writeSync(1, 'ready\n');

let next = Number(first);
async function writeForEver() {
  for (;;) {
    const number = next++;
    await store.write(async ({ tags, groups }) => {
      const label = 'x'.repeat(number % 50);
      await tags.insert({ ...newTag({ tag: String(number), createdAt: number }), label });
      // The other half of the transaction.
      await groups.insert({ uuid: String(number), name: String(number), createdAt: number });
    });
    writeSync(1, `${number}\n`);
  }
}

await Promise.all([writeForEver(), writeForEver(), writeForEver(), writeForEver(), writeForEver()]);

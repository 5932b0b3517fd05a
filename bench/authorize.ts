import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { judgeTag } from '../src/csms/rules/authorize-tag.js';
import type { RuleContext } from '../src/csms/rules/rule-context.js';
import type { FleetStore } from '../src/store/fleet-store.js';
import { exportSnapshot, openSnapshot } from '../src/store/replay.js';
import { median } from './measure.js';
import { line, section, verdict } from './report.js';
import { openStore } from './store-fixture.js';

/** How long it takes to decide about one of 100,000 tags, against looking up its row and doing nothing with it. */

const tags = 100_000;

/** Decisions, or look-ups, that are timed together: one alone is too short for the clock. */
const batch = 100;

export async function benchAuthorize({ quick }: { quick: boolean }): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  try {
    await createStoreWithTags(directory);
    const bare = await bareLookUp(directory);
    const store = await openStore(directory);
    const rounds = { bare: [] as number[], authorize: [] as number[], start: [] as number[] };
    for (let round = 0; round < (quick ? 30 : 200); round += 1) {
      rounds.bare.push(perCall(batch, bare.find));
      rounds.authorize.push(await decisions(store, 'authorize'));
      rounds.start.push(await decisions(store, 'start'));
    }
    bare.close();
    await store.close();
    const bareUs = median(rounds.bare);
    section(`Deciding about one of ${tags.toLocaleString('en')} tags`);
    line('bare look-up of its row in sql.js', `${bareUs.toFixed(1)} µs`);
    for (const purpose of ['authorize', 'start'] as const) {
      const us = median(rounds[purpose]);
      line(`decision for ${purpose}`, `${us.toFixed(1)} µs`, verdict(us <= 100, 'at most 100 µs'));
      line('ratio', (us / bareUs).toFixed(1));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Another tag each time, in an order that no cache likes. */
let asked = 0;
function anyTag(): string {
  asked = (asked + 7919) % tags;
  return `Tag${String(asked).padStart(6, '0')}`;
}

function perCall(times: number, call: () => void): number {
  const begun = performance.now();
  for (let i = 0; i < times; i += 1) call();
  return ((performance.now() - begun) * 1000) / times;
}

/** Microseconds per decision, looking up included, within one transaction: writing is measured elsewhere. */
async function decisions(store: FleetStore, purpose: 'authorize' | 'start'): Promise<number> {
  const station = { uuid: 'station-1', id: 'CP1' };
  return store.read(async (r) => {
    const context: RuleContext = { r, station, receivedAt: 1_700_000_000_000, newId: () => '' };
    const begun = performance.now();
    for (let i = 0; i < batch; i += 1) {
      await judgeTag(context, anyTag(), purpose === 'start' ? { purpose, connector: 1 } : { purpose });
    }
    return ((performance.now() - begun) * 1000) / batch;
  });
}

async function bareLookUp(directory: string): Promise<{ find: () => void; close: () => void }> {
  const { Database } = await initSqlJs();
  const database = new Database(readFileSync(join(directory, 'evfleet.db')));
  const statement = database.prepare('SELECT * FROM tag WHERE tagKey = ?');
  return {
    find() {
      statement.bind([anyTag().toLowerCase()]);
      if (!statement.step()) throw new Error('There is no such tag.');
      statement.get();
      statement.reset();
    },
    close: () => database.close(),
  };
}

/** Every tag is somebody's, every tenth may only be used somewhere and once at a time; a thousand of these charge. */
async function createStoreWithTags(directory: string): Promise<void> {
  const store = await openStore(directory);
  await store.compact();
  await store.close();
  const file = join(directory, 'evfleet.db');
  const { sqlite, sequence } = await openSnapshot(readFileSync(file), file);
  for (const sql of statements) sqlite.run(sql, []);
  writeFileSync(file, exportSnapshot(sqlite, sequence));
  sqlite.close();
}

const numbers = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;

const statements = [
  `INSERT INTO site (uuid, name, nameKey, createdAt) VALUES ('site-1', 'Depot', 'depot', 1), ('site-2', 'Office', 'office', 1)`,
  `INSERT INTO stationGroup (uuid, name, nameKey, createdAt) VALUES ('group-1', 'Night', 'night', 1)`,
  `INSERT INTO station (uuid, id, name, siteUuid, registration, securityProfile, expectsPong, createdAt)
     VALUES ('station-1', 'CP1', 'CP1', 'site-1', 'accepted', 0, 1, 1)`,
  `INSERT INTO connector (stationUuid, connector, mode) VALUES ('station-1', 1, 'rfid'), ('station-1', 2, 'rfid')`,
  `INSERT INTO groupMember (groupUuid, stationUuid) VALUES ('group-1', 'station-1')`,
  `${numbers(tags / 10)} INSERT INTO user (uuid, email, emailKey, role, disabled, emailAtAlarm, createdAt)
     SELECT printf('user-%06d', i), printf('u%d@example.com', i), printf('u%d@example.com', i), 'driver', i % 100 = 0, 0, 1 FROM n`,
  `${numbers(tags)} INSERT INTO tag (tagKey, tag, blocked, createdAt, userUuid, maxActive, restricted)
     SELECT printf('tag%06d', i), printf('TAG%06d', i), i % 50 = 1, 1, printf('user-%06d', i % ${tags / 10}),
       iif(i % 10 = 0, 1, NULL), i % 10 = 0 FROM n`,
  `${numbers(tags / 10)} INSERT INTO tagSite (tagKey, siteUuid) SELECT printf('tag%06d', i * 10), 'site-' || (1 + i % 2) FROM n`,
  `${numbers(tags / 20)} INSERT INTO tagGroup (tagKey, groupUuid) SELECT printf('tag%06d', i * 20), 'group-1' FROM n`,
  `${numbers(1000)} INSERT INTO session (transactionId, uuid, stationUuid, stationId, stationName, connector,
     authentication, tag, tagKey, startedAt, meterStartWh, state, receivedAt, verdict)
     SELECT i + 1, printf('session-%d', i), 'station-2', 'CP2', 'CP2', 1, 'rfid', printf('TAG%06d', i * 100),
       printf('tag%06d', i * 100), 1, 0, 'active', 1, 'Accepted' FROM n`,
];

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import readExcel from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import AlarmExport from '../../../commands/alarm/export.js';
import EventExport from '../../../commands/event/export.js';
import SessionExport from '../../../commands/session/export.js';
import TagExport from '../../../commands/tag/export.js';
import type { Repositories } from '../../../src/domain/repositories.js';
import { alarmView } from '../../../src/operations/alarm/alarm-view.js';
import { sessionView } from '../../../src/operations/charging/session-view.js';
import { tagView } from '../../../src/operations/people/tag-view.js';
import { eventView } from '../../../src/operations/record/event-view.js';
import { FleetStore } from '../../../src/store/fleet-store.js';
import { testStart } from '../../helpers/fake-clock.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { newAlarm, newSession, newStation, newTag } from '../../store/support/fixtures.js';

const commands = { session: SessionExport, alarm: AlarmExport, event: EventExport, tag: TagExport };
const views = { session: sessionView, alarm: alarmView, event: eventView, tag: tagView };
type Noun = keyof typeof commands;
const nouns = Object.keys(commands) as Noun[];

async function furnish(r: Repositories): Promise<void> {
  await r.stations.insert(newStation('CP1'));
  const session = { startedAt: testStart, receivedAt: testStart, tag: '00123' };
  // A running one would be longer with each look.
  const short = { stoppedAt: testStart + 1000, meterStopWh: 1, state: 'ended' as const };
  await r.sessions.insert(newSession(1, { ...session, ...short }));
  const ended = { stoppedAt: testStart + 3_600_000, meterStopWh: 12_345, state: 'ended' as const };
  await r.sessions.insert(newSession(2, { ...session, ...ended, startedAt: testStart + 1000 }));
  await r.alarms.insert(newAlarm('a1', { openedAt: testStart, description: '=1+1' }));
  await r.alarms.insert(
    newAlarm('a2', { openedAt: testStart + 1, clearedAt: testStart + 2, condition: 'x' }),
  );
  await r.tags.insert(newTag('T1', { label: '=1+1' }));
  for (let n = 0; n < 1100; n += 1) {
    const where = { stationUuid: 'station-CP1', stationId: 'CP1', connector: null };
    const detail = JSON.stringify({ address: `10.0.0.${n}` });
    const at = testStart + n * 1000;
    await r.events.insert({ at, receivedAt: at, ...where, kind: 'station.connected', detail });
  }
}

/** Commands without a server, on a store with two sessions, two alarms, a tag and 1,100 events. */
async function fixture() {
  const directory = await temporaryDirectory();
  const now = () => testStart + 7_200_000;
  const store = await FleetStore.open({ directory, command: 'test', lockTimeoutMs: 0, now });
  await store.write(furnish);
  await store.close();
  const files = await temporaryDirectory();
  const env = { EVFLEET_DATA_DIR: directory };
  const run = (noun: Noun, argv: readonly string[], columns?: number) =>
    runCommand(commands[noun], argv, { env, id: `${noun}:export`, ...(columns && { columns }) });
  return { run, env, file: (name: string) => join(files, name) };
}

async function readBack(file: string): Promise<unknown[][]> {
  const [sheet] = (await readExcel(file)) as unknown as { data: unknown[][] }[];
  return (sheet?.data ?? []).map((row) => row.map(toSeconds));
}

/** Sheets keep days as binary fractions, so that milliseconds are not exact. */
function toSeconds(value: unknown): unknown {
  return value instanceof Date ? new Date(Math.round(value.getTime() / 1000) * 1000) : value;
}

describe('an export to Excel', () => {
  it('has the columns of the sessions, with times, numbers and tags as what they are', async () => {
    const { run, file } = await fixture();
    const output = file('sessions.xlsx');
    const { stderr, exitCode } = await run('session', ['--format', 'xlsx', '--output', output]);
    expect([stderr, exitCode]).toEqual([`Exported 2 sessions to ${output}.\n`, 0]);
    const [header = [], ...rows] = await readBack(output);
    expect(header).toEqual(Object.keys(sessionView.properties));
    const [newest] = rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at]])));
    expect(rows).toHaveLength(2);
    expect(newest).toMatchObject({
      transactionId: 2,
      startTime: new Date(testStart + 1000),
      stopTime: new Date(testStart + 3_600_000),
      duration: 3599,
      tag: '00123',
      state: 'ended',
      serverLogTime: new Date(testStart),
    });
  });

  it('of alarms has the open ones, or all', async () => {
    const { run, file } = await fixture();
    const output = file('alarms.xlsx');
    expect((await run('alarm', ['-o', output, '--json'])).json).toEqual({
      output,
      format: 'xlsx',
      alarms: 1,
    });
    const [header = [], open = []] = await readBack(output);
    expect(header).toEqual(Object.keys(alarmView.properties));
    expect(open[header.indexOf('created')]).toEqual(new Date(testStart));
    expect(open[header.indexOf('maintenance')]).toBe(false);
    await run('alarm', ['-o', output, '--history']);
    expect(await readBack(output)).toHaveLength(3);
  });

  it('of events has all of them in order', async () => {
    const { run, file } = await fixture();
    const output = file('events.xlsx');
    await run('event', ['CP1', '-o', output]);
    const [header = [], ...rows] = await readBack(output);
    expect(header).toEqual(Object.keys(eventView.properties));
    expect(rows).toHaveLength(1100);
    const seconds = rows.map(([time]) => ((time as Date).getTime() - testStart) / 1000);
    expect(seconds).toEqual(rows.map((_, at) => at));
    expect(rows[7]).toContain('{"address":"10.0.0.7"}');
  });

  it.each(nouns)('has no text in a column of times: %s', async (noun) => {
    const { run, file } = await fixture();
    await run(noun, ['-o', file('all.xlsx'), ...(noun === 'alarm' ? ['--history'] : [])]);
    const [header = [], ...rows] = await readBack(file('all.xlsx'));
    const isTime = (schema: object): boolean =>
      'format' in schema
        ? schema.format === 'date-time'
        : 'anyOf' in schema && (schema.anyOf as object[]).some(isTime);
    const properties: Readonly<Record<string, object>> = views[noun].properties;
    const times = Object.keys(properties).filter((name) => isTime(properties[name] ?? {}));
    expect(times.length).toBeGreaterThan(1);
    for (const [at, name] of header.entries()) {
      const values = rows.map((row) => row[at]).filter((value) => value !== null);
      const dates = values.filter((value) => value instanceof Date);
      expect(dates.length, `${name}`).toBe(times.includes(String(name)) ? values.length : 0);
    }
  });

  it('is not written to a terminal, nor as JSON', async () => {
    const { run } = await fixture();
    const shown = await run('session', ['--format', 'xlsx'], 80);
    expect([shown.exitCode, shown.stdout]).toEqual([2, '']);
    expect(shown.stderr).toContain('An Excel file is nothing to look at on a terminal; name a file.');
    expect(shown.stderr).toContain('--output sessions.xlsx');
    const asJson = await run('event', ['--format', 'xlsx', '--json']);
    expect(asJson.json).toMatchObject({ error: { code: 'USAGE', exitCode: 2 } });
  });
});

describe('the form of an export', () => {
  it.each([
    ['all.csv', 'csv'],
    ['all.XLSX', 'xlsx'],
    ['all.jsonl', 'json-lines'],
    ['all.ndjson', 'json-lines'],
    ['all', 'csv'],
  ])('is that of the name of the file, unless it is said: %s', async (name, format) => {
    const { run, file } = await fixture();
    const output = file(name);
    expect((await run('session', ['-o', output, '--json'])).json).toEqual({ output, format, sessions: 2 });
    const start = (await readFile(output)).subarray(0, 9).toString();
    expect(start).toBe({ csv: 'sessionId', xlsx: start, 'json-lines': '{"session' }[format]);
    expect(start.startsWith('PK')).toBe(format === 'xlsx');
    const said = await run('session', ['-o', output, '--format', 'csv', '--json']);
    expect(said.json).toMatchObject({ format: 'csv' });
  });

  it.each(nouns)(
    'is CSV on standard output, with all columns, and JSON when that is asked for: %s',
    async (noun) => {
      const { run } = await fixture();
      const [header] = (await run(noun, [])).stdout.split('\n');
      expect(header).toBe(Object.keys(views[noun].properties).join(','));
      const items = (await run(noun, ['--json'])).json as Record<string, unknown>[];
      expect(Object.keys(items[0] ?? {})).toEqual(header?.split(','));
      const lines = (await run(noun, ['--format', 'json-lines'])).stdout.trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toEqual(items);
    },
  );
});

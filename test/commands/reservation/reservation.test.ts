import { expect, it } from 'vitest';
import ReservationCancel from '../../../commands/reservation/cancel.js';
import ReservationCreate from '../../../commands/reservation/create.js';
import ReservationList from '../../../commands/reservation/list.js';
import { accept } from '../../csms/remote-fixture.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

/** Commands read instants by the clock of their own process; the server's stands still in May 2026. */
const expires = '2026-05-04T11:00:00Z';

async function fixture() {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const station = await server.connected('CP1');
  station.on('ReserveNow', accept).on('CancelReservation', accept);
  const commands = { create: ReservationCreate, list: ReservationList, cancel: ReservationCancel };
  const env = { EVFLEET_DATA_DIR: server.dataDir };
  const run = (verb: keyof typeof commands, argv: readonly string[], columns?: number) =>
    runCommand(commands[verb], argv, { env, id: `reservation:${verb}`, ...(columns && { columns }) });
  const create = (more: string[] = [], change: Readonly<Record<string, string>> = {}) => {
    const flags = { connector: '1', tag: 'TAG1', expires, ...change };
    const argv = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    return run('create', ['CP1', ...argv, ...more]);
  };
  return { server, station, run, create };
}

it('reserves, lists and cancels', async () => {
  const { run, create } = await fixture();
  expect((await create()).stdout).toBe(
    'Connector 1 of CP1 is reserved for TAG1 until 2026-05-04T11:00:00.000Z: reservation 1.\n',
  );
  const { stdout } = await run('list', ['--utc', '--no-color'], 100);
  expect(stdout).toMatch(/1 +CP1 +1 +TAG1 +active +2026-05-04 11:00:00/);
  expect((await run('list', ['CP1', '-q'])).stdout).toBe('1\n');
  expect((await run('cancel', ['1'])).stdout).toBe('Reservation 1 at CP1 is cancelled.\n');
  const empty = await run('list', [], 100);
  expect([empty.stdout, empty.stderr]).toEqual(['', 'No reservations match.\n']);
  expect((await run('list', ['--json'])).json).toEqual([]);
  expect((await run('list', ['--all-states', '--csv'])).stdout).toBe(
    'id,stationId,connector,tag,parent,state,createdAt,expires,endedAt,reason,transactionId\n' +
      '1,CP1,1,TAG1,,cancelled,2026-05-04T10:00:00.000Z,2026-05-04T11:00:00.000Z,2026-05-04T10:00:00.000Z,,\n',
  );
});

it('gives the reservation as JSON', async () => {
  const { run, create } = await fixture();
  const made = { id: 1, stationId: 'CP1', connector: 1, tag: 'TAG1', state: 'active' };
  expect((await create(['--json'])).json).toMatchObject(made);
  expect((await run('cancel', ['1', '--json'])).json).toMatchObject({ ...made, state: 'cancelled' });
});

it('ends with 10 when the station refuses', async () => {
  const { station, run, create } = await fixture();
  station.on('CancelReservation', () => ({ status: 'Rejected' }));
  await create();
  const cancelled = await run('cancel', ['1']);
  expect(cancelled.exitCode).toBe(10);
  expect(cancelled.stderr).toContain('it answered Rejected, it knows of none with this id.');
  station.on('ReserveNow', () => ({ status: 'Occupied' }));
  const reserved = await create();
  expect(reserved.exitCode).toBe(10);
  expect(reserved.stderr).toContain(
    'Connector 1 of CP1 is in use or reserved already: it answered Occupied.',
  );
});

it.each([
  [{ connector: '7' }, 5, '--connector 7: Station CP1 has no connector 7; it has 1.'],
  [{ connector: '-1' }, 2, '--connector takes a whole number from 0 to 1000.'],
  [{ tag: 'x'.repeat(21) }, 2, 'is 21 characters long, at most 20 are allowed.'],
  [{ tag: 'NEW' }, 5, '--tag: There is no tag "NEW".'],
  [{ expires: '2020-01-01' }, 2, '--expires takes an instant in the future, not'],
  [{ expires: 'soon' }, 2, '--expires takes an instant such as'],
])('names the flag that is wrong: %o', async (flags, exitCode, message) => {
  const { station, create } = await fixture();
  const wrong = await create([], flags);
  expect([wrong.exitCode, station.calls]).toEqual([exitCode, []]);
  expect(wrong.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
});

it.each([
  ['seven', 2, 'A reservation has a number, not "seven".'],
  ['7', 5, 'There is no reservation 7.'],
])('cancels nothing that is not there: %s', async (id, exitCode, message) => {
  const { run } = await fixture();
  const wrong = await run('cancel', [id]);
  expect(wrong.exitCode).toBe(exitCode);
  expect(wrong.stderr).toContain(message);
});

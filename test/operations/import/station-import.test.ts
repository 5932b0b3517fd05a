import { describe, expect, it } from 'vitest';
import { newConnector } from '../../../src/domain/new-entities.js';
import { type Caller, systemCaller } from '../../../src/domain/people/caller.js';
import type { Fleet, Input } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { openOperations } from '../../helpers/test-operations.js';

type Import = Input<'station-import.apply'>;
type Columns = Import['columns'];

async function stocked() {
  const operations = await openOperations();
  const { fleet } = operations;
  for (const name of ['Solna', 'Kista']) await fleet.run('site.create', { name });
  await fleet.run('floor.create', { site: 'Solna', name: 'P1' });
  await fleet.run('group.create', { name: 'Night' });
  return operations;
}

const apply = (fleet: Fleet, columns: Columns, lines: Import['lines'], more: Partial<Import> = {}) =>
  fleet.run('station-import.apply', { columns, lines, ...more });

/** What is wrong with lines. */
async function faultsOf(fleet: Fleet, columns: Columns, lines: Import['lines'], more: Partial<Import> = {}) {
  const { faults, faultCount } = await fleet.run('station-import.check', { columns, lines, ...more });
  expect(faultCount).toBe(faults.length);
  return faults.map(({ line, column, message }) => `${line} ${column}: ${message}`);
}

async function show(fleet: Fleet, id: string) {
  return fleet.run('station.show', { id });
}

function siteAdmin(...siteUuids: string[]): Caller {
  return { ...systemCaller('ada@example.org', 'socket'), role: 'site-admin', siteUuids };
}

async function uuidOf(fleet: Fleet, name: string): Promise<string> {
  return (await fleet.run('site.show', { name })).uuid;
}

describe('an import of stations', () => {
  it('creates them with everything that a line says, and what they stood for as strangers is forgotten', async () => {
    const { fleet, write } = await stocked();
    await write((r) => r.unknownStations.note({ id: 'CP1', address: null, protocol: null, at: 1 }));
    const columns: Columns = [
      'name',
      'site',
      'floor',
      'connectors',
      'registration',
      'heartbeatInterval',
      'groups',
      'mode',
      'evseId',
      'type',
      'maxPowerKw',
    ];
    const line = {
      line: 2,
      id: 'CP1',
      name: 'North',
      site: 'SOLNA',
      floor: 'p1',
      connectors: 2,
      registration: 'pending' as const,
      heartbeatInterval: 60,
      groups: ['NIGHT', 'Night'],
      mode: ['open' as const],
      evseId: ['E1', null],
      type: ['Type 2'],
      maxPowerKw: [22, 3.7],
    };
    const result = await apply(fleet, columns, [line, { line: 3, id: 'CP2' }]);
    expect(result).toMatchObject({ created: 2, updated: 0, sites: [], floors: [], groups: [] });
    expect(await show(fleet, 'CP1')).toMatchObject({
      name: 'North',
      site: 'Solna',
      floor: 'P1',
      registration: 'pending',
      heartbeatInterval: 60,
      groups: ['Night'],
      connectors: [
        { connector: 1, mode: 'open', evseId: 'E1', type: 'Type 2', maxPowerKw: 22 },
        { connector: 2, mode: 'open', evseId: null, type: 'Type 2', maxPowerKw: 3.7 },
      ],
    });
    const plain = { name: 'CP2', site: null, registration: 'accepted', connectors: [{ mode: 'rfid' }] };
    expect(await show(fleet, 'CP2')).toMatchObject(plain);
    expect((await fleet.run('station.list', { state: 'unknown' })).total).toBe(0);
  });

  it('says before what it would do, and changes nothing by that', async () => {
    const { fleet } = await stocked();
    await fleet.run('station.create', { id: 'OLD', site: 'Solna', floor: 'P1', connectors: 2 });
    const columns: Columns = ['site', 'connectors'];
    const lines = [
      { line: 2, id: 'OLD', site: 'Kista', connectors: 1 },
      { line: 3, id: 'NEW', site: 'Lund', connectors: 1 },
    ];
    const more = { ifExists: 'update', createMissing: true } as const;
    const checked = await fleet.run('station-import.check', { columns, lines, ...more });
    expect(checked.lines).toEqual([
      {
        line: 2,
        id: 'OLD',
        outcome: 'updated',
        changes: [
          { field: 'site', from: 'Solna', to: 'Kista' },
          { field: 'floor', from: 'P1', to: null },
          { field: 'connectors', from: 2, to: 1 },
        ],
      },
      { line: 3, id: 'NEW', outcome: 'created', changes: [{ field: 'site', from: null, to: 'Lund' }] },
    ]);
    expect(checked.sites).toEqual(['Lund']);
    expect((await fleet.run('site.list', {})).total).toBe(2);
    expect((await apply(fleet, columns, lines, more)).lines).toEqual(checked.lines);
    expect(await show(fleet, 'OLD')).toMatchObject({ site: 'Kista', floor: null, connectors: [{}] });
  });

  it('updates the columns that there are, and empties what a line leaves out', async () => {
    const { fleet } = await stocked();
    await apply(
      fleet,
      ['name', 'site', 'floor', 'groups', 'heartbeatInterval', 'evseId', 'connectors', 'registration'],
      [
        {
          line: 2,
          id: 'CP1',
          name: 'North',
          site: 'Solna',
          floor: 'P1',
          groups: ['Night'],
          heartbeatInterval: 9,
          evseId: ['E'],
          registration: 'pending',
        },
      ],
    );
    const update = { ifExists: 'update' } as const;
    expect(await apply(fleet, [], [{ line: 2, id: 'CP1' }], update)).toMatchObject({
      unchanged: 1,
      updated: 0,
    });
    await apply(fleet, ['site'], [{ line: 2, id: 'CP1', site: 'solna' }], update);
    expect(await show(fleet, 'CP1')).toMatchObject({ floor: 'P1', name: 'North' });
    await apply(
      fleet,
      ['name', 'floor', 'groups', 'evseId', 'registration'],
      [{ line: 2, id: 'CP1' }],
      update,
    );
    expect(await show(fleet, 'CP1')).toMatchObject({
      name: 'CP1',
      site: 'Solna',
      floor: null,
      groups: [],
      heartbeatInterval: 9,
      registration: 'pending',
      connectors: [{ evseId: null }],
    });
    expect(
      await apply(fleet, ['name'], [{ line: 2, id: 'CP1', name: 'x' }], { ifExists: 'skip' }),
    ).toMatchObject({
      skipped: 1,
    });
    expect((await show(fleet, 'CP1')).name).toBe('CP1');
  });

  it('leaves connectors whose numbers have a gap as they are, until there are to be more or fewer', async () => {
    const { fleet, write } = await stocked();
    await fleet.run('station.create', { id: 'CP1', connectors: 1 });
    // As the station itself has told.
    await write(async (r) => {
      const station = await r.stations.findById('CP1');
      await r.connectors.insert(newConnector(station?.uuid ?? '', 5));
    });
    const update = (columns: Columns, line: Omit<Import['lines'][number], 'line' | 'id'>) =>
      apply(fleet, columns, [{ line: 2, id: 'CP1', ...line }], { ifExists: 'update' });
    const numbers = async () => (await show(fleet, 'CP1')).connectors.map(({ connector }) => connector);
    await update(['name', 'connectors', 'evseId'], { name: 'North', connectors: 2, evseId: ['A', 'B'] });
    expect((await show(fleet, 'CP1')).connectors).toMatchObject([
      { connector: 1, evseId: 'A' },
      { connector: 5, evseId: 'B' },
    ]);
    await update(['name'], { name: 'South' });
    expect(await numbers()).toEqual([1, 5]);
    await update(['connectors'], { connectors: 3 });
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('tells of everything that is wrong', async () => {
    const { fleet } = await stocked();
    await fleet.run('station.create', { id: 'OLD' });
    const lines: Import['lines'] = [
      { line: 2, id: 'OLD' },
      { line: 3, id: 'a/b' },
      { line: 4, id: 'CP1', site: 'Solnna', groups: ['Dag'] },
      { line: 5, id: 'CP2', site: 'Solna', floor: 'P9' },
      { line: 6, id: 'CP3', floor: 'P1' },
      { line: 7, id: 'CP4', name: ' x', securityProfile: 2 },
      { line: 8, id: 'CP5', connectors: 2, evseId: ['E1'], type: ['a', 'b', 'c'] },
      { line: 9, id: 'CP5' },
    ];
    const columns: Columns = [
      'name',
      'site',
      'floor',
      'connectors',
      'securityProfile',
      'groups',
      'evseId',
      'type',
    ];
    expect(await faultsOf(fleet, columns, lines)).toEqual([
      '2 id: there is a station OLD already',
      expect.stringContaining('3 id: the station id "a/b" contains "/"'),
      '4 site: there is no site "Solnna"; did you mean Solna?',
      '4 groups: there is no group "Dag"',
      '5 floor: there is no floor "P9" in Solna; did you mean P1?',
      '6 floor: a floor needs its site',
      expect.stringMatching(/^7 securityProfile: profile 2 needs a key, .* evfleet station rotate-key CP4$/),
      '7 name: the station name " x" begins or ends with a space',
      '8 evseId: it has 1 value, and the station 2 connectors',
      '8 type: it has 3 values, and the station 2 connectors',
      '9 id: it is in line 8 already',
    ]);
    const refused = await failure(apply(fleet, columns, lines), 'USAGE');
    expect(refused.message).toBe('Nothing was imported: 11 things are wrong.');
    expect((await fleet.run('station.list', {})).total).toBe(1);
  });

  it('keeps to what a station with a key has to show', async () => {
    const { fleet } = await stocked();
    await fleet.run('station.create', { id: 'CP1', generateAuthKey: true });
    const update = { ifExists: 'update' } as const;
    const profile = (securityProfile: number) => [{ line: 2, id: 'CP1', securityProfile }];
    expect(await faultsOf(fleet, ['securityProfile'], profile(0), update)).toEqual(
      ['2 securityProfile: station CP1 has a key, which it would not have to show'].map((text) =>
        expect.stringMatching(new RegExp(text, 'i')),
      ),
    );
    await apply(fleet, ['securityProfile'], profile(2), update);
    expect((await show(fleet, 'CP1')).securityProfile).toBe(2);
    expect(await faultsOf(fleet, ['securityProfile'], [{ line: 2, id: 'CP2', securityProfile: 3 }])).toEqual(
      [],
    );
  });

  it('makes what is missing once, in the spelling of the first line', async () => {
    const { fleet } = await stocked();
    const lines = ['Lund', 'LUND', 'Solna'].map((site, at) => ({
      line: at + 2,
      id: `CP${at}`,
      site,
      floor: at < 2 ? 'Roof' : 'P2',
      groups: ['Day'],
    }));
    const result = await apply(fleet, ['site', 'floor', 'groups'], lines, { createMissing: true });
    expect(result).toMatchObject({
      created: 3,
      sites: ['Lund'],
      floors: [
        { site: 'Lund', name: 'Roof' },
        { site: 'Solna', name: 'P2' },
      ],
      groups: ['Day'],
    });
    expect(await show(fleet, 'CP1')).toMatchObject({ site: 'Lund', floor: 'Roof', groups: ['Day'] });
  });

  it('tells the connection of a station at once when it is refused from now on', async () => {
    const told: string[] = [];
    const { fleet } = await openOperations({
      live: {
        isOnline: () => false,
        lastSeenAt: () => undefined,
        shownSecurity: () => undefined,
        lastRefusal: () => undefined,
        stationChanged: async ({ id }: { id: string }) => void told.push(id),
      } as never,
    });
    for (const id of ['CP1', 'CP2']) await fleet.run('station.create', { id });
    const lines = [
      { line: 2, id: 'CP1', registration: 'rejected' as const },
      { line: 3, id: 'CP2', name: 'x' },
      { line: 4, id: 'CP3', registration: 'rejected' as const },
    ];
    await apply(fleet, ['registration', 'name'], lines, { ifExists: 'update' });
    expect(told).toEqual(['CP1']);
    const { items } = await fleet.run('event.list', {});
    expect(items).toMatchObject([{ kind: 'station.registration', stationId: 'CP1' }]);
  });
});

describe('somebody who is for some sites', () => {
  it('imports stations for these, and learns nothing of others', async () => {
    const { fleet, fleetOf } = await stocked();
    await fleet.run('station.create', { id: 'THEIRS', site: 'Kista' });
    const ada = fleetOf(siteAdmin(await uuidOf(fleet, 'Solna')));
    const more = { createMissing: true, ifExists: 'update' } as const;
    expect(
      await faultsOf(
        ada,
        ['site', 'floor', 'groups'],
        [
          { line: 2, id: 'CP1', site: 'Kista' },
          { line: 3, id: 'CP2', site: 'Solna', floor: 'P2' },
          { line: 4, id: 'CP3', groups: ['Night'] },
        ],
        more,
      ),
    ).toEqual([
      '2 site: there is no site "Kista", and only who is for the whole fleet creates one',
      '4 groups: there is no group "Night", and only who is for the whole fleet creates one',
    ]);
    // Its own site, because there is no other.
    const lines = [
      { line: 2, id: 'CP1', floor: 'P2', site: 'Solna' },
      { line: 3, id: 'CP2' },
    ];
    expect(await apply(ada, ['site', 'floor'], lines, more)).toMatchObject({ created: 2 });
    expect(await show(fleet, 'CP2')).toMatchObject({ site: 'Solna' });
    // That the id is taken shows only when it is done, as with station create.
    const taken = await failure(
      apply(
        ada,
        [],
        [
          { line: 2, id: 'NEW' },
          { line: 3, id: 'THEIRS' },
        ],
        more,
      ),
      'USAGE',
    );
    expect(taken.message).toBe(
      'Nothing was imported: line 3: id: the station id THEIRS is not free; choose another one',
    );
    expect((await fleet.run('station.list', {})).total).toBe(3);
  });

  it('has to say which, if there are several', async () => {
    const { fleet, fleetOf } = await stocked();
    const ada = fleetOf(siteAdmin(await uuidOf(fleet, 'Solna'), await uuidOf(fleet, 'Kista')));
    const complaint = 'it has to be at one of your sites';
    expect(await faultsOf(ada, ['name'], [{ line: 2, id: 'CP1' }])).toEqual([`2 site: ${complaint}`]);
    await failure(ada.run('site-import.check', { columns: [], lines: [] }), 'NOT_ALLOWED');
  });
});

it('the audit has an entry for each of a thousand stations, and counts the others once', async () => {
  const { fleet } = await stocked();
  const lines = Array.from({ length: 1010 }, (_, at) => ({ line: at + 2, id: `CP${at}`, connectors: 2 }));
  await apply(fleet, ['connectors'], lines);
  const { items } = await fleet.run('audit.list', {});
  const imported = items.filter(({ operation }) => operation === 'station-import.apply');
  expect(imported).toHaveLength(1001);
  expect(imported.map(({ target }) => target)).toContain('10 stations');
  const { total } = await fleet.run('audit.list', {});
  await apply(fleet, ['connectors'], lines.slice(0, 5), { ifExists: 'update' });
  expect((await fleet.run('audit.list', {})).total).toBe(total);
});

import { describe, expect, it } from 'vitest';
import { FleetError } from '../../../src/domain/errors.js';
import { type LineFault, readHeader, readLine } from '../../../src/domain/import/import-file.js';
import { siteTable } from '../../../src/domain/import/site-import.js';
import { stationTable } from '../../../src/domain/import/station-import.js';

const header = (...cells: string[]) => readHeader({ line: 1, cells }, stationTable);

function refusal(work: () => unknown): FleetError {
  try {
    work();
  } catch (error) {
    if (error instanceof FleetError) return error;
  }
  throw new Error('it was not refused');
}

/** One line below this first line: what it says, or what is wrong with it. */
function read(names: string[], cells: string[]) {
  const faults: LineFault[] = [];
  const line = readLine({ line: 2, cells }, header(...names), stationTable, undefined, faults);
  return line ?? faults.map(({ column, message }) => `${column}: ${message}`);
}

describe('the first line', () => {
  it.each([
    ['Charge Box ID', 'id'],
    ['CHARGE_POINT-ID', 'id'],
    [' ocppIdentity ', 'id'],
  ])('knows %s', (name, column) => {
    expect(header(name).cells).toEqual([{ column, name: name.trim() }]);
  });

  it('leaves aside what lists write, and names that it is told', () => {
    const { columns } = readHeader(
      { line: 1, cells: ['id', 'online', 'Vendor', 'Owner', 'Max. power (kW)'] },
      stationTable,
      ['owner'],
    );
    expect(columns).toEqual(['maxPowerKw']);
  });

  it('names every column that it does not know, the nearest that there are, and how to leave them aside', () => {
    const { message, suggestions } = refusal(() => header('id', 'conectors', 'Phone no', 'Ägare'));
    expect(message).toBe('line 1: unknown columns "conectors", "Phone no", "Ägare".');
    expect(suggestions).toEqual([
      'Did you mean connectors by "conectors"?',
      expect.stringContaining('The columns are: id, name, site, floor, connectors,'),
      '--ignore-columns "conectors,Phone no,Ägare", to leave them aside',
    ]);
  });

  it('takes no keys of stations, and says how they get there', () => {
    const { message, suggestions } = refusal(() => header('id', 'Auth Key'));
    expect(message).toBe('line 1: a column "Auth Key" is not for a file.');
    expect(suggestions[0]).toContain('evfleet station rotate-key');
  });

  it('is told apart from one that lacks the key', () => {
    expect(refusal(() => header('name', 'site')).message).toContain('there is no column id.');
    expect(refusal(() => header('id', 'site', 'Location')).message).toContain(
      'site and Location mean the same',
    );
  });
});

describe('a line', () => {
  it('may end in empty cells, as the first line may', () => {
    expect(read(['id', 'name', '', ''], ['CP1', 'x', '', ''])).toEqual({ line: 2, id: 'CP1', name: 'x' });
    expect(read(['id', '', 'name', ''], ['CP1', '', 'x', '', ''])).toEqual({ line: 2, id: 'CP1', name: 'x' });
  });

  it.each([
    [['id', '', 'name'], ['CP1', 'y', 'x'], ': "y" stands in a column without a name'],
    [['id', 'name'], ['CP1', 'x', 'y'], ': it has 3 cells, the first line has 2'],
    [['id', 'name'], ['CP1'], ': it has 1 cell, the first line has 2'],
    [['id'], [''], 'id: it is empty'],
    [['id'], ['4,90123E+12'], 'id: the spreadsheet made "4,90123E+12" of a long number'],
    [['id', 'connectors'], ['CP1', '2.5'], 'connectors: it takes a whole number from 1 to 1000, not "2.5"'],
    [['id', 'registration'], ['CP1', 'yes'], 'it takes accepted, pending or rejected, not "yes"'],
    [['id', 'power'], ['CP1', '1.234,5'], 'power: it takes a number from 0.001 to 10000, not "1.234,5"'],
    [['id', 'heartbeat'], ['CP1', '8d'], 'heartbeat: it takes whole seconds or a duration'],
    [['id', 'mode'], ['CP1', 'rfid;free'], 'mode: it takes rfid or open, not "free"'],
    [['id', 'evse'], ['CP1', 'x'.repeat(49)], 'evse: it is 49 characters long, at most 48 are allowed'],
    [['id', 'type'], ['CP1', ';'.repeat(1000)], 'type: it has 1001 values'],
    [['id', 'groups'], ['CP1', Array(101).fill('g').join('|')], 'groups: it has 101 names'],
  ])('%j of %j is refused', (names, cells, complaint) => {
    expect(read(names, cells)).toEqual([expect.stringContaining(complaint)]);
  });

  it('reads numbers, durations and lists as spreadsheets have them', () => {
    const names = ['id', 'maxPower', 'heartbeat', 'evseId', 'type', 'groups', 'mode'];
    const cells = ["'=46", '22,0 kW| 3.7', '5m', 'A\n\nC', '', '["Day","Night"]', 'OPEN'];
    expect(read(names, cells)).toEqual({
      line: 2,
      id: '=46',
      maxPowerKw: [22, 3.7],
      heartbeatInterval: 300,
      evseId: ['A', null, 'C'],
      groups: ['Day', 'Night'],
      mode: ['open'],
    });
  });

  it('loses nothing of a list in JSON, whose numbers are names too and whose gaps keep their place', () => {
    const names = ['id', 'maxPower', 'evseId', 'groups'];
    expect(read(names, ['CP1', '[22, 3.7]', '["A",null,"C"]', '[1,"Night"]'])).toEqual({
      line: 2,
      id: 'CP1',
      maxPowerKw: [22, 3.7],
      evseId: ['A', null, 'C'],
      groups: ['1', 'Night'],
    });
    // What is no such list is a name that begins with a bracket.
    expect(read(['id', 'groups'], ['CP1', '[true]'])).toMatchObject({ groups: ['[true]'] });
  });

  it('of sites counts floors, and says where names of floors belong', () => {
    const sites = readHeader({ line: 1, cells: ['name', 'floors', 'lat'] }, siteTable);
    const faults: LineFault[] = [];
    const line = (...cells: string[]) => readLine({ line: 2, cells }, sites, siteTable, undefined, faults);
    expect(line('Solna', '3', '59,36')).toEqual({ line: 2, name: 'Solna', lat: 59.36 });
    expect(line('Solna', 'P1;P2', '91')).toBeUndefined();
    expect(faults.map(({ message }) => message)).toEqual([
      'floors come with the stations on them: evfleet station import, --create-missing',
      'it takes a number from -90 to 90, not "91"',
    ]);
  });
});

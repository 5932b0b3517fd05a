import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import SiteImport from '../../../commands/site/import.js';
import SiteList from '../../../commands/site/list.js';
import StationImport from '../../../commands/station/import.js';
import StationList from '../../../commands/station/list.js';
import { type RunOptions, runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

const commands = {
  'site import': SiteImport,
  'site list': SiteList,
  'station import': StationImport,
  'station list': StationList,
};

/** Commands on a fleet in a directory, whoever has it open. */
function commandsOn(dataDir: string) {
  return async (name: keyof typeof commands, argv: readonly string[], options: RunOptions = {}) =>
    runCommand(commands[name], argv, {
      ...options,
      env: { NO_COLOR: '1', ...options.env, EVFLEET_DATA_DIR: dataDir },
      id: name.replace(' ', ':'),
    });
}

async function withServer() {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const directory = await temporaryDirectory();
  const file = async (content: string | Buffer) => {
    await writeFile(join(directory, 'list.csv'), content);
    return join(directory, 'list.csv');
  };
  return { server, run: commandsOn(server.dataDir), file };
}

const spreadsheet =
  '\ufeffCharge Box ID;Name;Site;Floor;Connectors;Max. power (kW);EVSE-ID;Phone no;;\r\n' +
  'CP001;"North;\r\nwall";Solna;P1;2;22,0;SE*EVF*E1|SE*EVF*E2;Ada;;\r\n' +
  ';;;;;;;;;\r\n' +
  'CP002;;Solna;P2;;11;;;;\r\n';

describe('station import', () => {
  it('reads what a spreadsheet writes, says what it would do, and does it', async () => {
    const { server, run, file } = await withServer();
    const path = await file(spreadsheet.replace(';\r\nwall', ' wall'));
    const unknown = await run('station import', [path]);
    expect([unknown.exitCode, unknown.stderr.split('\n')]).toEqual([
      2,
      [
        'Error: line 1: unknown column "Phone no".',
        expect.stringContaining('The columns are: id, name, site'),
        'Try: --ignore-columns "Phone no", to leave it aside',
        '',
      ],
    ]);
    const missing = await run('station import', [path, '--ignore-columns', 'phone no']);
    expect(missing.stderr.split('\n')).toEqual([
      'Error: Nothing was imported: 2 things are wrong.',
      'Lines 2 and 4: Site: there is no site "Solna".',
      'Try: --create-missing, to create the sites, floors and groups that are not there',
      '',
    ]);
    const wanted = [path, '--ignore-columns', 'phone no', '--create-missing'];
    const dry = await run('station import', [...wanted, '--dry-run'], { columns: 120 });
    expect(dry.stderr).toBe(
      'Would create 1 site: Solna.\nWould create 2 floors: Solna P1, Solna P2.\nWould create 2 stations.\n',
    );
    expect(dry.stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'LINE  WOULD   ID     CHANGES',
      expect.stringMatching(
        /^ {3}2 {2}create {2}CP001 {2}name North wall, site Solna, floor P1, connectors 2, /,
      ),
      '   4  create  CP002  site Solna, floor P2, maxPowerKw 11',
      '',
    ]);
    expect((await server.fleet.run('site.list', {})).total).toBe(0);
    const done = await run('station import', [...wanted, '--json']);
    expect(done.json).toMatchObject({ created: 2, dryRun: false, sites: ['Solna'] });
    expect(done.json).toEqual({
      ...((await run('station import', [...wanted, '--dry-run', '--if-exists', 'skip', '--json']))
        .json as object),
      created: 2,
      skipped: 0,
      dryRun: false,
      sites: ['Solna'],
      floors: [
        { site: 'Solna', name: 'P1' },
        { site: 'Solna', name: 'P2' },
      ],
      lines: (done.json as { lines: unknown[] }).lines,
    });
    expect((await server.fleet.run('connector.list', {})).items).toMatchObject([
      { stationId: 'CP001', evseId: 'SE*EVF*E1', maxPowerKw: 22 },
      { stationId: 'CP001', evseId: 'SE*EVF*E2', maxPowerKw: 22 },
      { stationId: 'CP002', evseId: null, maxPowerKw: 11 },
    ]);
  });

  it('asks whether a site that it would make is not one that is there', async () => {
    const { server, run, file } = await withServer();
    await server.fleet.run('site.create', { name: 'Göteborg Nord' });
    await server.fleet.run('site.create', { name: 'Depot 1' });
    const path = await file('id,site,groups\nCP1,Goteborg nord,Night\nCP2,Depot 2,\n');
    const { stderr, exitCode } = await run('station import', [path, '--create-missing', '--dry-run']);
    expect(stderr.split('\n')).toEqual([
      'Would create 2 sites: Goteborg nord, Depot 2.',
      'Would create 1 group: Night.',
      'Is "Goteborg nord" the site "Göteborg Nord", which is there already?',
      'Would create 2 stations.',
      '',
    ]);
    expect(exitCode).toBe(0);
  });

  it('shows what it would change, line by line', async () => {
    const { run, file } = await withServer();
    await run('station import', [await file('id,name\nCP1,\nCP2,Two\nCP3,Three\n')]);
    const path = await file('id,name\nCP1,One\nCP2,Two\nCP4,Four\n');
    const options = ['--dry-run', '--if-exists', 'update'];
    const { stdout, stderr } = await run('station import', [path, ...options], { columns: 80 });
    expect(stdout.split('\n').slice(1)).toEqual([
      '   2  update  CP1  name CP1 → One',
      '   4  create  CP4  name Four',
      '',
    ]);
    expect(stderr).toBe('Would create 1 station and update 1, 1 as they were.\n');
    expect((await run('station import', [path])).stderr).toContain(
      'Line 3: id: there is a station CP2 already.',
    );
    expect((await run('station import', [path, '--if-exists', 'skip'])).stderr).toBe(
      'Created 1 station, 2 skipped.\n',
    );
    const same = await run('station import', [path, ...options.slice(1)], { columns: 80 });
    expect(same.stderr).toBe('Updated 1 station, 2 as they were.\n');
    const again = await run('station import', [path, ...options], { columns: 80 });
    expect([again.stdout, again.stderr]).toEqual([
      '',
      'Nothing to change: 3 stations are as the file says.\n',
    ]);
    const forPrograms = await run('station import', [path, ...options]);
    expect(forPrograms.stdout.trimEnd().split('\n')).toHaveLength(4);
    expect((await run('station import', [path, '--if-exists', 'skip'])).stderr).toBe(
      'Nothing to change: 3 stations skipped.\n',
    );
  });

  it('finds a station that is in two parts of a long file, and shows a terminal the first lines', async () => {
    const { run, file } = await withServer();
    const ids = Array.from({ length: 1200 }, (_, at) => `CP${at}`);
    const twice = await run('station import', [
      await file(`id\n${[...ids, 'CP7'].join('\n')}\n`),
      '--dry-run',
    ]);
    expect(twice.stderr).toBe('Error: Nothing was imported: line 1202: id: it is in line 9 already\n');
    const path = await file(`id,site,groups\n${ids.map((id, at) => `${id},S${at % 12},Night`).join('\n')}\n`);
    const { stdout, stderr } = await run('station import', [path, '--dry-run', '--create-missing'], {
      columns: 80,
    });
    expect(stdout.trimEnd().split('\n')).toHaveLength(51);
    expect(stderr).toBe(
      '50 of 1,200 lines: --json has all of them.\n' +
        'Would create 12 sites: S0, S1, S2, S3, S4, S5, S6, S7, S8, S9 and 2 more.\n' +
        'Would create 1 group: Night.\n' +
        'Would create 1,200 stations.\n',
    );
    const { json } = await run('station import', [path, '--create-missing', '--json']);
    expect(json).toMatchObject({ created: 1200, groups: ['Night'] });
  });

  it('takes no more lines than can be done at once', async () => {
    const { run, file } = await withServer();
    const path = await file(`id\n${'x\n'.repeat(10_001)}`);
    expect((await run('station import', [path])).stderr).toContain('There are more than 10,000 lines.');
  });
});

describe('what lists write', () => {
  it('is imported elsewhere, without a server', async () => {
    const { server, run, file } = await withServer();
    const { fleet } = server;
    await fleet.run('site.create', { name: '=Solna; "west"', address: 'A 1\nB', lat: 59.36, lon: -18.001 });
    await fleet.run('site.create', { name: '-Kista' });
    await fleet.run('floor.create', { site: '-Kista', name: "'+1" });
    await fleet.run('station.create', { id: 'CP1', name: '@x', site: '-Kista', floor: "'+1", connectors: 3 });
    await fleet.run('station.create', { id: '-2', site: '=Solna; "west"', registration: 'pending' });
    await fleet.run('station.create', { id: 'CP3', securityProfile: 3 });
    const sites = await run('site list', ['--csv']);
    const stations = await run('station list', ['--csv']);
    const there = commandsOn(await temporaryDirectory());
    expect((await there('site import', [await file(sites.stdout)])).stderr).toBe('Created 2 sites.\n');
    expect((await there('station import', [await file(stations.stdout), '--create-missing'])).stderr).toBe(
      "Created 1 floor: -Kista '+1.\nCreated 3 stations.\n",
    );
    const same = await there('station import', [
      await file(stations.stdout),
      '--if-exists',
      'update',
      '--json',
    ]);
    expect(same.json).toMatchObject({ unchanged: 3, updated: 0, created: 0 });
    const columns = ['--columns', 'id,name,site,floor,registration,securityProfile,connectors', '--csv'];
    expect((await there('station list', columns)).stdout).toBe((await run('station list', columns)).stdout);
    const places = ['--columns', 'name,address,lat,lon,floors,stations', '--csv'];
    expect((await there('site list', places)).stdout).toBe((await run('site list', places)).stdout);
  });
});

describe('site import', () => {
  it('creates, shows what it would change, and updates', async () => {
    const { run, file } = await withServer();
    const path = await file('Name\tLatitude\tLongitude\nSolna\t59,36\t18,0\n');
    expect((await run('site import', [path])).stderr).toBe('Created 1 site.\n');
    const next = await file('site,address,lat\nSOLNA,"Solnavägen 1",59.37\nKista,,\n');
    expect((await run('site import', [next])).stderr).toContain(
      'line 2: site: there is a site Solna already',
    );
    const options = ['--if-exists', 'update'];
    const dry = await run('site import', [next, ...options, '--dry-run'], { columns: 80 });
    expect(dry.stdout.split('\n').slice(1)).toEqual([
      '   2  update  Solna  address - → Solnavägen 1, lat 59.36 → 59.37',
      '   3  create  Kista',
      '',
    ]);
    expect((await run('site import', [next, ...options])).stderr).toBe('Created 1 site and updated 1.\n');
    expect((await run('site list', ['--json'])).json).toMatchObject([
      { name: 'Kista', lat: null },
      { name: 'Solna', address: 'Solnavägen 1', lat: 59.37, lon: 18 },
    ]);
  });
});

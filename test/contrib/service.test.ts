import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { descriptorsBeside } from '../../src/domain/check/machine-checks.js';

interface Manifest {
  readonly commands: Readonly<
    Record<string, { readonly flags: Readonly<Record<string, { readonly env?: string }>> }>
  >;
}

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const unit = read('contrib/evfleet.service');
const program = '/usr/local/bin/evfleet';
const { commands } = JSON.parse(read('oclif.manifest.json')) as Manifest;

/** The values of a directive, in order. */
function valuesOf(name: string): string[] {
  return [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');
}

describe('contrib/evfleet.service', () => {
  it('runs serve, whose environment names the data directory and the ready file by variables that it knows', () => {
    expect(valuesOf('ExecStart')).toEqual([`${program} serve`]);
    const known = Object.values(commands.serve?.flags ?? {}).map(({ env }) => env);
    const set = valuesOf('Environment').flatMap((value) => value.match(/^EVFLEET_\w+/) ?? []);
    expect(set).toEqual(['EVFLEET_DATA_DIR', 'EVFLEET_READY_FILE']);
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('lets as many files be open as the doctor wants for the connections that are allowed by default', () => {
    const flags = commands.serve?.flags as unknown as Record<string, { default?: number }>;
    const most = flags['max-connections']?.default ?? Number.NaN;
    expect(Number(valuesOf('LimitNOFILE')[0])).toBeGreaterThanOrEqual(most + descriptorsBeside);
  });

  it('has an example environment of flags that serve has, all commented out', () => {
    const lines = read('contrib/evfleet.env')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([]);
    const named = lines.flatMap((line) => line.match(/^#(EVFLEET_\w+)=/)?.[1] ?? []);
    const known = new Set(Object.values(commands.serve?.flags ?? {}).map(({ env }) => env));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

const version = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const hasSystemd = version.status === 0;
// `security --offline` came with systemd 250.
const isOffline = hasSystemd && Number(/^systemd (\d+)/.exec(version.stdout)?.[1]) >= 250;

describe.skipIf(!hasSystemd)('systemd-analyze (skipped where there is none)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-unit-'));
  const file = join(directory, 'evfleet.service');
  // What is not installed here would be told of.
  writeFileSync(file, unit.replaceAll(program, process.execPath));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('finds nothing wrong with the unit', () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    // Units of the machine may have faults of their own.
    const ofOurs = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('evfleet'));
    expect({ ofOurs, status }).toEqual({ ofOurs: [], status: 0 });
  });

  it.skipIf(!isOffline)('sees no more exposure than what Node.js and a network service need', () => {
    const { status, stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=yes', '--threshold=20', '--no-pager', file],
      { encoding: 'utf8' },
    );
    expect({ status, overall: /Overall exposure level.*/.exec(stdout)?.[0] }).toMatchObject({ status: 0 });
    const open = stdout.split('\n').flatMap((line) => line.match(/^✗ (\S+=\S*)/)?.[1] ?? []);
    expect(open).toEqual(
      expect.arrayContaining(['MemoryDenyWriteExecute=', 'RestrictAddressFamilies=~AF_(INET|INET6)']),
    );
    expect(open.filter((name) => /NoNewPrivileges|Capability|Protect|SystemCall|Users/.test(name))).toEqual(
      [],
    );
  });
});

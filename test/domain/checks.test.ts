import { describe, expect, it } from 'vitest';
import {
  type AddressFacts,
  checkAddress,
  checkPassivePorts,
  checkStationPort,
  isLoopback,
  isNowhere,
  loopbackOf,
  withProbe,
} from '../../src/domain/check/address-checks.js';
import { type CheckResult, ok } from '../../src/domain/check/check-result.js';
import {
  checkDirectory,
  checkPermissions,
  checkSpace,
  type FoundDirectory,
} from '../../src/domain/check/directory-checks.js';
import { checkClock, checkNode, checkOpenFiles } from '../../src/domain/check/machine-checks.js';
import {
  checkBackup,
  checkJournal,
  checkServer,
  checkSettings,
  checkStations,
  checkStore,
} from '../../src/domain/check/store-checks.js';

const MiB = 2 ** 20;
const hour = 3600_000;
const now = Date.UTC(2026, 10, 20, 12);

/** Whatever is not well says what to do, and only that does. */
function expectResult(result: CheckResult, status: CheckResult['status'], message: RegExp) {
  expect(result.message).toMatch(message);
  expect(result.status).toBe(status);
  expect(result.advice === null).toBe(status === 'ok');
}

it.each([
  ['20.19.0', 'ok'],
  ['20.18.9', 'problem'],
  ['18.20.4', 'problem'],
  ['22.0.0', 'ok'],
] as const)('Node.js %s: %s', (version, status) => {
  expectResult(checkNode(version), status, new RegExp(version.replaceAll('.', '\\.')));
});

describe('clock', () => {
  const facts = { now, timeZone: 'Europe/Stockholm', newestEventAt: now - 1000, stationsAhead: [] };
  it.each([
    ['is right', {}, 'ok', /time zone Europe\/Stockholm/],
    ['has seen no event', { newestEventAt: null }, 'ok', /2026-11-20T12:00/],
    ['was never set', { now: 1000, newestEventAt: null }, 'problem', /long past/],
    ['was set back a minute', { newestEventAt: now + 60_000 }, 'ok', /clock says/],
    ['was set back two hours', { newestEventAt: now + 2 * hour }, 'problem', /received 2h 00m later/],
    ['is behind those of stations', { stationsAhead: ['CP1', 'CP2'] }, 'warning', /clocks of CP1, CP2/],
  ] as const)('%s', (_what, change, status, message) => {
    expectResult(checkClock({ ...facts, ...change }), status, message);
  });
});

it.each([
  [20_512, 20, 'ok', /The server may have 20,512 files open, enough/],
  [20_511, 20, 'ok', /enough for 19,999 stations/],
  [1024, 256, 'ok', /enough for 512 stations/],
  [1024, 257, 'warning', /too few for --max-connections 20000/],
  [1024, 512, 'warning', /too few for --max-connections/],
  [1024, 513, 'problem', /too few for the 513 stations/],
  [100, 1, 'problem', /1 station of the fleet/],
  [null, 513, 'ok', /no limit/],
] as const)('a limit of %s open files for %s stations: %s', (limit, stations, status, message) => {
  expectResult(checkOpenFiles({ limit, isServer: true, maxConnections: 20_000, stations }), status, message);
});

describe('directory', () => {
  const good: FoundDirectory = {
    kind: 'directory',
    path: '/srv/my fleet',
    mode: 0o700,
    ownerId: 1000,
    userId: 1000,
    isWritable: true,
    hasStore: true,
    storeBytes: 10 * MiB,
    freeBytes: 10_000 * MiB,
    openToOthers: [],
    foreign: [],
    unseen: 0,
  };

  it.each([
    [good, 'ok', /^\/srv\/my fleet$/],
    [{ ...good, userId: null }, 'ok', /my fleet/],
    [{ ...good, userId: 0 }, 'warning', /belongs to user 1000, this runs as user 0/],
    [{ ...good, isWritable: false }, 'problem', /cannot be written/],
    [{ kind: 'missing', path: '/x' }, 'warning', /does not exist yet/],
    [{ kind: 'no-directory', path: '/x' }, 'problem', /no directory/],
    [{ kind: 'unreachable', path: '/x', reason: 'EACCES' }, 'problem', /EACCES/],
  ] as const)('is told what it is: %o', (facts, status, message) => {
    expectResult(checkDirectory(facts), status, message);
  });

  it.each([
    ['all is closed', {}, 'ok', /Only its owner/],
    ['others may look', { mode: 0o755 }, 'warning', /look into the directory \(mode 0755\)/],
    ['others may write', { mode: 0o720 }, 'problem', /change the directory \(mode 0720\)/],
    [
      'a file is open',
      { mode: 0o711, openToOthers: ['evfleet.db'] },
      'problem',
      /read or change evfleet.db\.$/,
    ],
    ['a file is open inside a closed one', { openToOthers: ['a'] }, 'warning', /were it not for/],
    ['many are', { mode: 0o755, openToOthers: ['a', 'b', 'c', 'd', 'e'] }, 'problem', /a, b, c and 2 more/],
    ['root made one', { foreign: ['journal'] }, 'problem', /journal belongs to another user/],
    ['some were not seen', { unseen: 2 }, 'warning', /2 paths/],
  ] as const)('permissions: %s', (_what, change, status, message) => {
    expectResult(checkPermissions({ ...good, ...change }), status, message);
  });

  it('gives a command that can be pasted', () => {
    expect(checkPermissions({ ...good, mode: 0o777 }).advice).toBe("chmod -R go-rwx '/srv/my fleet'");
  });

  it.each([
    [1054 * MiB, 'ok'],
    [1054 * MiB - 1, 'warning'],
    [74 * MiB, 'warning'],
    [74 * MiB - 1, 'problem'],
  ] as const)('%s bytes free for a store of 10 MiB: %s', (freeBytes, status) => {
    expectResult(checkSpace({ ...good, freeBytes }), status, /the store takes 10 MiB/);
  });
});

describe('store', () => {
  it('says where it is open', () => {
    const info = { version: 12, bytes: 3 * MiB };
    expectResult(checkStore({ ...info, isServed: true }), 'ok', /is open in the server; version 12, 3 MiB/);
    expectResult(checkStore({ ...info, isServed: false }), 'ok', /The store opens/);
  });

  it.each([
    [1024 * MiB - 1, 'ok', /1,024 MiB/],
    [1024 * MiB, 'warning', /1,024 MiB of the 2,048 MiB that it may have at most/],
    [1741 * MiB, 'problem', /of the 2,048 MiB/],
  ] as const)('a store of %s bytes, of the 2 GiB that SQLite gets: %s', (bytes, status, words) => {
    expectResult(checkStore({ version: 12, bytes, isServed: true }), status, words);
  });

  it.each([
    [256 * MiB, 'ok'],
    [256 * MiB + 1, 'warning'],
  ] as const)('a journal of %s bytes that is folded at 64 MiB: %s', (journalBytes, status) => {
    expectResult(checkJournal({ journalBytes, compactBytes: 64 * MiB }), status, /folded at 64 MiB/);
  });

  const backups = { isAutomatic: true, directory: '/b', newestAt: now - hour, now };
  it.each([
    ['daily', {}, 'ok', /newest is 1h 00m old/],
    ['yesterday', { newestAt: now - 49 * hour }, 'ok', /2d 01h/],
    ['not for two days', { newestAt: now - 49 * hour - 1 }, 'problem', /2d 01h/],
    ['none yet', { newestAt: null }, 'warning', /none yet/],
    ['off', { isAutomatic: false, newestAt: null }, 'warning', /No backups are written by themselves/],
    ['off since a week', { isAutomatic: false, newestAt: now - 168 * hour }, 'warning', /7d 00h old/],
    ['in a directory of others', { failure: 'EACCES' }, 'problem', /cannot be read: EACCES/],
  ] as const)('backups: %s', (_what, change, status, message) => {
    expectResult(checkBackup({ ...backups, ...change }), status, message);
  });

  const settings = {
    ignored: [],
    freeBytes: 1000 * MiB,
    diagnosticsMaxBytes: 100 * MiB,
    messagesMaxBytes: 500 * MiB,
    isBackupDirectorySet: false,
    isBackupAutomatic: false,
  };
  it.each([
    ['agree', {}, ['ok']],
    ['log nothing', { messagesMaxBytes: null }, ['ok']],
    ['are of another version', { ignored: ['backup.keep', 'backup.time'] }, ['problem', 'problem']],
    ['need more than there is', { freeBytes: 50 * MiB }, ['warning', 'warning']],
    ['name a place for no backups', { isBackupDirectorySet: true }, ['warning']],
    ['name a place for backups', { isBackupDirectorySet: true, isBackupAutomatic: true }, ['ok']],
  ] as const)('settings that %s', (_what, change, statuses) => {
    expect(checkSettings({ ...settings, ...change }).map(({ status }) => status)).toEqual(statuses);
  });

  it.each([
    [{ stations: 3, pending: 0, unknown: 0 }, 'ok', /3 stations, none waits/],
    [{ stations: 3, pending: 1, unknown: 4 }, 'warning', /1 station of 3 waits/],
    [{ stations: 3, pending: 0, unknown: 4 }, 'warning', /4 stations knocked/],
  ] as const)('stations %o', (counts, status, message) => {
    expectResult(checkStations(counts), status, message);
  });
});

describe('server', () => {
  const answer = { inMs: 3.2, pid: 7, startedAt: now - 2 * hour, now, version: '1.0.0', ownVersion: '1.0.0' };
  it.each([
    [answer, 'ok', /Process 7, running for 2h 00m, answered in 4 ms/],
    [{ ...answer, inMs: 1001 }, 'warning', /1001 ms/],
    [{ ...answer, ownVersion: '1.1.0' }, 'warning', /The server is evfleet 1.0.0, this command 1.1.0/],
    [undefined, 'warning', /No server is running/],
  ] as const)('%o', (given, status, message) => {
    expectResult(checkServer(given), status, message);
  });
});

it('knows addresses of this machine from others', () => {
  expect(['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'].every(isLoopback)).toBe(true);
  const others = [
    '127.0.0.1.example.com',
    'localhost.example.com',
    '10.0.0.1',
    '128.0.0.1',
    '[::2]',
    '0.0.0.0',
  ];
  expect(others.some(isLoopback)).toBe(false);
  expect(['0.0.0.0', '::', '[::]'].every(isNowhere)).toBe(true);
  expect(isNowhere('10.0.0.0')).toBe(false);
  expect(['0.0.0.0', '::', '[::1]', '127.0.0.2', '10.0.0.1', 'csms.lan'].map(loopbackOf)).toEqual([
    '127.0.0.1',
    '::1',
    '::1',
    '127.0.0.2',
    undefined,
    undefined,
  ]);
});

describe('addresses', () => {
  const open = {
    host: '0.0.0.0',
    url: 'ws://0.0.0.0:9220/ocpp/',
    stationPort: 9220,
    httpPort: 9221,
    httpsPort: 9443,
    ftpPort: 2121,
  };
  const local = { ...open, host: '127.0.0.1' };

  it.each([
    [open, 'answered', false, 'ok', /ws:\/\/<this machine>:9220\/ocpp\/<station id>; the port answers/],
    [open, 'no-answer', false, 'problem', /port 9220 does not answer/],
    [{ ...open, host: '10.0.0.1' }, 'not-tried', false, 'ok', /not tried/],
    [local, 'answered', false, 'warning', /Only programs on this machine/],
    [local, 'answered', true, 'ok', /the port answers/],
  ] as const)('the port of stations: %o %s', (server, probe, isProxied, status, message) => {
    expectResult(checkStationPort(server, { probe, isProxied }), status, message);
  });

  const web = 'server.public-url';
  const ftp = 'server.ftp-url';
  const table: [AddressFacts['setting'], string | undefined, AddressFacts['server'], string, RegExp][] = [
    [web, undefined, open, 'ok', /Not set/],
    [ftp, undefined, { ...open, ftpPort: null }, 'ok', /no FTP server/],
    [web, 'http://csms.lan:9221', open, 'ok', /leads to port 9221/],
    [web, 'http://csms.lan:9221', undefined, 'ok', /without a running server/],
    [web, 'http://csms.lan', open, 'warning', /leads to port 80, files are served on port 9221/],
    [web, 'http://csms.lan', { ...open, httpPort: 80 }, 'ok', /port 80/],
    [web, 'http://csms.lan:9221', local, 'warning', /listens on 127.0.0.1 only/],
    [web, 'http://127.0.0.1:9221', local, 'ok', /port 9221/],
    [web, 'http://127.0.0.1:9221', open, 'problem', /the station's own machine/],
    [web, 'http://localhost:9221', { ...open, host: '10.0.0.1' }, 'problem', /own machine/],
    [web, 'http://[::1]:9221', open, 'problem', /own machine/],
    [web, 'http://localhost', undefined, 'warning', /this machine only/],
    [web, 'https://csms.example.com/ev', local, 'ok', /reverse proxy has to bring it to port 9221/],
    [web, 'https://csms.example.com:9221', open, 'problem', /without TLS/],
    [web, 'https://csms.lan:9443', open, 'ok', /leads to port 9443/],
    [web, 'https://csms.lan:9443', local, 'warning', /listens on 127.0.0.1 only/],
    [web, 'https://csms.lan:9443', { ...open, httpsPort: null }, 'ok', /reverse proxy/],
    [web, 'http://0.0.0.0:9221', open, 'problem', /no address that anybody can connect to/],
    [web, 'http://[::]:9221', undefined, 'problem', /no address that anybody/],
    [web, 'ftp://csms.lan', open, 'problem', /does not begin with http/],
    [web, 'csms.lan', open, 'problem', /is no address/],
    [web, 'http://ada@csms.lan:9221', open, 'problem', /has a user/],
    [ftp, 'http://csms.lan:2121', open, 'problem', /does not begin with ftp/],
    [ftp, 'ftp://203.0.113.7:2121', open, 'ok', /leads to port 2121/],
    [ftp, 'ftp://203.0.113.7', open, 'warning', /leads to port 21, files are served on port 2121/],
    [ftp, 'ftp://203.0.113.7:2121', { ...open, ftpPort: null }, 'warning', /the server has no FTP/],
  ];
  it.each(table)('%s=%s: %o is %s', (setting, url, server, status, message) => {
    const result = checkAddress({ setting, url, server });
    expectResult(result, status as CheckResult['status'], message);
    expect(result.check).toBe(setting.slice('server.'.length));
  });

  it('adds what came of a request', () => {
    const result = ok('public-url', 'It is this.');
    expectResult(withProbe(result, 'answered'), 'ok', /^It is this\. It answers\.$/);
    expectResult(withProbe(result, 'not-tried'), 'ok', /not tried/);
    expectResult(withProbe(result, 'no-answer'), 'problem', /It does not answer/);
    const wrong = checkAddress({ setting: web, url: 'csms.lan', server: open });
    expect(withProbe(wrong, 'no-answer')).toBe(wrong);
  });

  it.each([
    [{ first: 50_000, last: 50_100 }, 101, 101, 'ok', /enough for 101 transfers/],
    [{ first: 50_000, last: 50_100 }, 101, 51, 'ok', /51 of 101/],
    [{ first: 50_000, last: 50_100 }, 101, 50, 'warning', /Only 50 of 101/],
    [{ first: 50_000, last: 50_100 }, 101, 0, 'problem', /None of the ports/],
    [{ first: 50_000, last: 50_008 }, 9, 9, 'warning', /enough for 9 transfers/],
    [{ first: 50_000, last: 50_009 }, 10, 10, 'ok', /10 transfers/],
    [{ first: 9000, last: 9300 }, 101, 101, 'warning', /Port 9220 of the server/],
    [{ first: 9400, last: 9500 }, 101, 101, 'warning', /Port 9443 of the server/],
    [{ first: 0, last: 0 }, 0, 0, 'ok', /any free port/],
    [null, 0, 0, 'ok', /no FTP server/],
  ] as const)('passive ports %o, %s tried, %s free: %s', (ftpPassivePorts, tried, free, status, message) => {
    expectResult(checkPassivePorts({ server: { ...open, ftpPassivePorts }, tried, free }), status, message);
  });
});

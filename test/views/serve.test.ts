import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { type Ready, renderReady } from '../../src/views/serve.js';
import { createTerminal } from '../../src/views/terminal.js';
import { textWidth } from '../../src/views/text-width.js';

const terminal = createTerminal({ stdout: { isTTY: false }, env: {} });
const filePorts = { http: 9220, https: null, ftp: null, isFtps: false, httpUrl: null, ftpUrl: null };

function render(apiUrl: string | null, on = terminal, details: Partial<Ready> = {}): string[] {
  const ready = {
    url: 'ws://127.0.0.1:9220/ocpp/',
    tlsUrl: null,
    apiUrl,
    dataDir: '/data',
    filePorts,
    isDefaultDir: true,
    addresses: ['192.168.1.10', '10.8.0.3'],
    stations: 0,
    takesIn: false,
    ...details,
  };
  return renderReady(ready, { program: 'evfleet', terminal: on }).split('\n');
}

it('a server with an API says where it is', () => {
  expect(render('https://127.0.0.1:9443')).toContain(
    '  The API is at        https://127.0.0.1:9443/api/v1/  (evfleet --server https://127.0.0.1:9443)',
  );
});

it('one that listens on all addresses is reached by its name', () => {
  for (const url of ['https://0.0.0.0:9443', 'https://[::]:9443']) {
    expect(render(url).join('\n')).toContain('evfleet --server https://<this machine>:9443)');
  }
});

it('a station is told an address that it can reach, not that of all of them', () => {
  const lines = render(null, terminal, {
    url: 'ws://0.0.0.0:9220/ocpp/',
    tlsUrl: 'wss://0.0.0.0:9443/ocpp/',
  });
  expect(lines.slice(2, 6)).toEqual([
    '  Stations connect to  ws://192.168.1.10:9220/ocpp/<station id>  (subprotocol ocpp1.6)',
    '                   or  ws://10.8.0.3:9220/ocpp/<station id>',
    '  and in TLS to        wss://192.168.1.10:9443/ocpp/<station id>',
    '  and in TLS to        wss://10.8.0.3:9443/ocpp/<station id>',
  ]);
  expect(render(null)[2]).toContain('ws://127.0.0.1:9220/ocpp/');
});

it('one without does not mention it', () => {
  expect(render(null).join('\n')).not.toContain('API');
});

it('what to type next is for people at a terminal, not for the journal of a service', () => {
  const next = 'evfleet status --watch';
  const isTyped = (lines: string[]) => lines.some((line) => line.includes(next));
  expect(isTyped(render(null))).toBe(false);
  expect(isTyped(render(null, createTerminal({ stdout: { isTTY: true }, env: {} })))).toBe(true);
});

it('what to type next is what is missing', () => {
  const person = createTerminal({ stdout: { isTTY: true, columns: 80 }, env: {} });
  const next = (details: Partial<Ready>) =>
    render(null, person, details)
      .filter((line) => line.startsWith('  evfleet '))
      .map((line) => stripVTControlCharacters(line).split('  #')[0]?.trim());
  expect(next({})).toEqual([
    'evfleet site create Solna',
    'evfleet station create CP001 --site Solna',
    'evfleet tag create 04A2B3C4',
    'evfleet simulate --stations 20 --speed 60 --create',
    'evfleet status --watch',
  ]);
  expect(next({ takesIn: true })).toContain('evfleet station accept <station id> --site Solna');
  expect(next({ stations: 3 })).toEqual(['evfleet status --watch']);
});

it.each([60, 80, 200])(
  'fits a terminal of %s columns, but for commands and addresses, which stay whole',
  (columns) => {
    const person = createTerminal({ stdout: { isTTY: true, columns }, env: {} });
    const all = { url: 'ws://0.0.0.0:9231/ocpp/', tlsUrl: 'wss://0.0.0.0:9443/ocpp/', takesIn: true };
    // To be copied, they are never broken.
    const whole = /evfleet |:\/\//;
    for (const line of render('https://0.0.0.0:9444', person, all)) {
      if (columns === 200 || !whole.test(line)) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  },
);

import { expect, it } from 'vitest';
import { type AddressSources, publicAddress } from '../../../src/server/files/public-address.js';
import { failure } from '../../helpers/failure.js';

const listener = { host: '127.0.0.1', port: 9221 };
const sources: AddressSources = {
  configured: undefined,
  listener,
  stationHost: undefined,
  isStationPort: false,
};

it.each<[string, Partial<AddressSources>, string]>([
  [
    'the setting decides',
    { configured: 'https://csms.example.com/ev', stationHost: 'a:1' },
    'https://csms.example.com/ev',
  ],
  ['the host that the station connected to', { stationHost: 'csms.lan:9220' }, 'http://csms.lan:9221'],
  [
    'with its port where that serves files',
    { stationHost: 'csms.lan:80', isStationPort: true },
    'http://csms.lan',
  ],
  ['IPv6', { stationHost: '[fe80::1]:9220' }, 'http://[fe80::1]:9221'],
  ['where the server listens', {}, 'http://127.0.0.1:9221'],
  ['a host that is none does not count', { stationHost: 'a b' }, 'http://127.0.0.1:9221'],
  ['nor one with more than a host', { stationHost: 'evil.example/x?' }, 'http://127.0.0.1:9221'],
])('stations are told %s', (_, known, expected) => {
  expect(publicAddress('http', { ...sources, ...known })).toBe(expected);
});

it.each(['0.0.0.0', '::'])('%s is no address that stations could be told', async (host) => {
  const unknown = { ...sources, listener: { host, port: 9221 } };
  const error = await failure((async () => publicAddress('http', unknown))(), 'CONFLICT');
  expect(error.suggestions).toEqual(['evfleet settings set server.public-url=http://<host>:9221']);
});

it('a server without FTP says how to get one', async () => {
  const error = await failure(
    (async () => publicAddress('ftp', { ...sources, listener: undefined }))(),
    'CONFLICT',
  );
  expect(error.message).toBe('This server has no FTP server for files.');
  expect(error.suggestions[0]).toBe('evfleet serve --ftp-port 2121');
});

import { expect, it } from 'vitest';
import { addressesHere } from '../../src/cli/addresses-here.js';

const address = { netmask: '', mac: '', cidr: null } as const;

it('names what stations can connect to', () => {
  const interfaces = () => ({
    lo: [{ ...address, address: '127.0.0.1', family: 'IPv4' as const, internal: true }],
    eth0: [
      { ...address, address: '192.168.1.10', family: 'IPv4' as const, internal: false },
      { ...address, address: 'fe80::1', family: 'IPv6' as const, internal: false, scopeid: 2 },
    ],
  });
  expect(addressesHere(interfaces)).toEqual(['192.168.1.10']);
});

it('a service that may not ask for the addresses of the machine starts all the same', () => {
  const refused = () => {
    throw new Error('A system error occurred: uv_interface_addresses returned Unknown system error 97');
  };
  expect(addressesHere(refused)).toEqual([]);
});

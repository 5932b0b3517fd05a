import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks that are not the internet (RFC 6890 and its successors), or from which one gets into such. */
const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, bits);
}
// Of IPv6 only what is given out is the internet, and of that not the tunnels: in those an address of IPv4 hides.
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  privateNetworks.addSubnet(network, bits, 'ipv6');
}
const internet = new BlockList();
internet.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is that of this machine, of a network that it is in, or of none. */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return privateNetworks.check(address);
    case 6:
      // Those that stand for one of IPv4 (`::ffff:10.0.0.1`) are none of the internet either: nobody has to write them.
      return !internet.check(address, 'ipv6') || privateNetworks.check(address, 'ipv6');
    default:
      return true;
  }
}

const maxLength = 2000;

/**
 * Why no webhook can be sent to this URL: the end of a sentence; undefined when it can.
 * @param allowPrivate the setting `webhook.allow-private`
 */
export function webhookComplaint(url: string, allowPrivate: boolean): string | undefined {
  if (url.length > maxLength) return `is longer than ${maxLength} characters`;
  if (/[\p{Cc}\s]/u.test(url) || !URL.canParse(url)) return 'is no URL';
  const { protocol, hostname, username, password, hash } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'does not begin with https://';
  if (username !== '' || password !== '') return 'contains a password, which would be shown in lists';
  if (hash !== '') return 'contains a #, which no server is told';
  if (allowPrivate) return undefined;
  if (protocol === 'http:') return 'is not encrypted, which needs the setting webhook.allow-private';
  const host = hostOf(hostname);
  const isLocal = isIP(host) > 0 ? isPrivateAddress(host) : /(^|\.)localhost\.?$/i.test(host);
  return isLocal ? 'is a private address, which needs the setting webhook.allow-private' : undefined;
}

/** Without the brackets that URLs have around addresses of IPv6. */
export function hostOf(hostname: string): string {
  const inner = hostname.replace(/^\[|\]$/g, '');
  return isIPv6(inner) ? inner : hostname;
}

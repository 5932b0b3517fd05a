import os from 'node:os';

/**
 * Of the networks that this machine is in, IPv4 only: what people type into stations. None where the system does not tell,
 * as a service that may not ask the kernel (RestrictAddressFamilies without AF_NETLINK) is not told.
 */
export function addressesHere(interfaces: typeof os.networkInterfaces = os.networkInterfaces): string[] {
  try {
    const all = Object.values(interfaces()).flatMap((addresses) => addresses ?? []);
    return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  } catch {
    return [];
  }
}

import { type LookupAddress, Resolver, lookup as systemLookup } from 'node:dns';

export type Lookup = (
  host: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const timeoutMs = 4000;

/**
 * Looks names up by DNS itself, and only those that it does not know as the system does (files, mDNS), one at a time:
 * that takes one of the few threads by which the journal gets onto the disk, for as long as some name server pleases.
 */
export function createLookup(): Lookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  let turn: Promise<void> = Promise.resolve();
  const bySystem: Lookup = (host, options, callback) => {
    turn = turn.then(
      () =>
        new Promise((resolve) => {
          systemLookup(host, options, (error, addresses) => {
            resolve();
            callback(error, addresses);
          });
        }),
    );
  };
  return (host, options, callback) => {
    let waiting = 2;
    const found: LookupAddress[] = [];
    const take = (family: 4 | 6) => (error: NodeJS.ErrnoException | null, addresses: string[]) => {
      if (!error) found.push(...addresses.map((address) => ({ address, family })));
      waiting -= 1;
      if (waiting > 0) return;
      // What most machines reach comes first.
      found.sort((a, b) => a.family - b.family);
      if (found.length > 0) callback(null, found);
      else bySystem(host, options, callback);
    };
    resolver.resolve4(host, take(4));
    resolver.resolve6(host, take(6));
  };
}

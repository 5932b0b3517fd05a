import { isLoopback } from '../../domain/check/address-checks.js';
import { FleetError } from '../../domain/errors.js';

const example = '--server https://fleet.example.com:9223';

/**
 * The address of a server as it is compared and kept: scheme, host, port and perhaps a path, without a slash at the end.
 * @throws FleetError USAGE when it is none; it never repeats what was typed, which may hold a password
 */
export function normalizedServerUrl(typed: string): string {
  if (!URL.canParse(typed))
    throw noServer('--server takes the address of a server, with https:// before it.');
  const url = new URL(typed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw noServer('--server takes an address that begins with https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw noServer(
      '--server takes no user and password: keys are in EVFLEET_API_KEY, or kept by evfleet login.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw noServer('--server takes an address without ? and #.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/**
 * A key must not travel where others can read it.
 * @throws FleetError USAGE before anything is sent
 */
export function refusePlainHttp(url: string, options: { readonly isAllowed: boolean }): void {
  const { protocol, hostname, host } = new URL(url);
  if (protocol === 'https:' || options.isAllowed || isLoopback(hostname)) return;
  throw new FleetError(
    'USAGE',
    `${url} is not encrypted: anybody on the way could read the key and use it. Nothing was sent.`,
    {
      suggestions: [
        `--server https://${host}`,
        '--allow-plain-http, when the way there is protected by something else, such as a VPN',
      ],
    },
  );
}

function noServer(message: string): FleetError {
  return new FleetError('USAGE', message, { suggestions: [example] });
}

import { Flags } from '@oclif/core';
import { integer } from './flags.js';

/** How the fleet is administered from elsewhere. */
export const apiFlags = {
  'api-port': integer({
    helpGroup: 'API',
    min: 0,
    max: 65_535,
    summary:
      'Port for commands from elsewhere (--server), with API keys; none when left out, 0 takes any free one.',
  }),
  // Without a default, which would need --api-port as well.
  'api-host': Flags.string({
    helpGroup: 'API',
    dependsOn: ['api-port'],
    summary:
      'Address that the API listens on, 127.0.0.1 when left out; others than those of this machine need a certificate.',
  }),
  'api-tls-cert': Flags.string({
    helpGroup: 'API',
    helpValue: '<file>',
    dependsOn: ['api-port', 'api-tls-key'],
    summary:
      'Certificate (PEM, with those between it and the root) for the API by HTTPS; that of --tls-cert when left out. A renewed one is noticed.',
  }),
  'api-tls-key': Flags.string({
    helpGroup: 'API',
    helpValue: '<file>',
    dependsOn: ['api-tls-cert'],
    summary: 'Key of that certificate (PEM, without a passphrase, nobody else may read it).',
  }),
  'api-insecure': Flags.boolean({
    helpGroup: 'API',
    dependsOn: ['api-port'],
    exclusive: ['api-tls-cert'],
    summary: 'Insist on plain HTTP for the API, also where others can read the keys on their way.',
  }),
};

/** The flags as `serve` takes them. */
export function toApi(flags: {
  readonly 'api-port'?: number | undefined;
  readonly 'api-host'?: string | undefined;
  readonly 'api-tls-cert'?: string | undefined;
  readonly 'api-tls-key'?: string | undefined;
  readonly 'api-insecure': boolean;
}) {
  const { 'api-tls-cert': cert, 'api-tls-key': key } = flags;
  return {
    apiPort: flags['api-port'],
    apiHost: flags['api-host'],
    apiTls: cert !== undefined && key !== undefined ? { cert, key } : undefined,
    apiInsecure: flags['api-insecure'],
  };
}

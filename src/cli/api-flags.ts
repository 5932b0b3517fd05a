import { Flags } from '@oclif/core';
import { integer } from './flags.js';

/** How the fleet is administered from elsewhere. */
export const apiFlags = {
  'api-port': integer({
    min: 0,
    max: 65_535,
    summary:
      'Port for commands from elsewhere (--server), with API keys; none when left out, 0 takes any free one.',
  }),
  'api-host': Flags.string({
    default: '127.0.0.1',
    summary: 'Address that the API listens on; others than those of this machine need a certificate.',
  }),
  'api-tls-cert': Flags.string({
    helpValue: '<file>',
    dependsOn: ['api-port', 'api-tls-key'],
    summary:
      'Certificate (PEM, with those between it and the root) for the API by HTTPS; that of --tls-cert when left out. A renewed one is noticed.',
  }),
  'api-tls-key': Flags.string({
    helpValue: '<file>',
    dependsOn: ['api-tls-cert'],
    summary: 'Key of that certificate (PEM, without a passphrase, nobody else may read it).',
  }),
  'api-insecure': Flags.boolean({
    dependsOn: ['api-port'],
    exclusive: ['api-tls-cert'],
    summary: 'Insist on plain HTTP for the API, also where others can read the keys on their way.',
  }),
};

const ownNames = { cert: '--api-tls-cert', key: '--api-tls-key' };
const shared = { cert: '--tls-cert', key: '--tls-key' };

/** The flags as `serve` takes them. The certificate for files is good for the API as well. */
export function toApi(flags: {
  readonly 'api-port'?: number | undefined;
  readonly 'api-host': string;
  readonly 'api-tls-cert'?: string | undefined;
  readonly 'api-tls-key'?: string | undefined;
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly 'api-insecure': boolean;
}) {
  const { 'api-insecure': apiInsecure, 'api-tls-cert': own } = flags;
  const [cert, key] = own === undefined ? [flags['tls-cert'], flags['tls-key']] : [own, flags['api-tls-key']];
  const names = own === undefined ? shared : ownNames;
  const isTls = !apiInsecure && cert !== undefined && key !== undefined;
  return {
    apiPort: flags['api-port'],
    apiHost: flags['api-host'],
    apiTls: isTls ? { cert, key, flags: names } : undefined,
    apiInsecure,
  };
}

/** TLS 1.3; all of its suites are good. */
const modern = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** TLS 1.2: who records what is said today, and gets the key of the server later, can still not read it. */
const forwardSecret = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
];

/** TLS_RSA_WITH_AES_128_GCM_SHA256 and its sibling: the other two that OCPP 1.6 (security, §3.2) wants a server to know. */
const legacy = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384'];

/** RSA keys from 2,048 bits, those of curves from 224, no SHA-1 in signatures. */
const securityLevel = '@SECLEVEL=2';

/** What a server offers, best first, as OpenSSL names it. */
export function suitesFor({ hasLegacy }: { readonly hasLegacy: boolean }): string {
  return [...modern, ...forwardSecret, ...(hasLegacy ? legacy : []), securityLevel].join(':');
}

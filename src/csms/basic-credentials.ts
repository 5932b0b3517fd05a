/** What a station shows by HTTP Basic. The password is bytes: a key may hold any, colons too (OCPP-J 1.6 §6.2.1). */
export interface BasicCredentials {
  readonly user: Buffer;
  readonly password: Buffer;
}

const colon = 0x3a;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const scheme = /^basic +/i;

/** Undefined for what is no HTTP Basic: another scheme, no base64, no colon. */
export function readBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  const found = scheme.exec(header ?? '');
  const encoded = found ? (header ?? '').slice(found[0].length).trim() : '';
  if (!base64.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const at = bytes.indexOf(colon);
  if (at === -1) return undefined;
  return { user: bytes.subarray(0, at), password: bytes.subarray(at + 1) };
}

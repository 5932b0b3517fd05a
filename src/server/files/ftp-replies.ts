import type { RefusalKind } from './transfer-refusal.js';

/** RFC 959 §4.2: 4xx may be tried again, 5xx not. */
export const refusalReplies: Readonly<Record<RefusalKind, number>> = {
  unknown: 530,
  plain: 521,
  used: 550,
  busy: 450,
  name: 553,
  'too-large': 552,
  empty: 550,
  'too-slow': 426,
  'too-many': 450,
  broken: 426,
  failed: 451,
  withdrawn: 426,
};

/** Commands that are answered in the same way whatever came before; they need no login. */
export const fixedReplies: Readonly<Record<string, string>> = {
  SYST: '215 UNIX Type: L8',
  NOOP: '200 OK',
  OPTS: '200 OK',
  HELP: '214 One file is moved here, in passive mode.',
};

/** RFC 2389: what there is beyond RFC 959. */
export function featureReply({ hasTls }: { readonly hasTls: boolean }): string {
  const tls = hasTls ? ['AUTH TLS', 'PBSZ', 'PROT'] : [];
  const features = ['EPSV', 'PASV', 'REST STREAM', 'SIZE', 'UTF8', ...tls];
  return ['211-Features:', ...features.map((feature) => ` ${feature}`), '211 End'].join('\r\n');
}

export const tlsFirst = '503 AUTH TLS comes first.';

/** Why `AUTH` leads to nothing; undefined when it does not. */
export function refusedAuth(
  mechanism: string,
  { hasTls, isSecure }: { readonly hasTls: boolean; readonly isSecure: boolean },
): string | undefined {
  if (!hasTls) return '502 TLS is not spoken here.';
  if (isSecure) return '503 This is TLS already.';
  return /^(TLS|TLS-C|SSL)$/i.test(mechanism) ? undefined : '504 AUTH TLS only.';
}

/** `PROT`: private or clear; the other two levels are not those of TLS. */
export function isProtection(level: string): boolean {
  return /^[PC]$/i.test(level);
}

export function protectionReply(level: string, { isSecure }: { readonly isSecure: boolean }): string {
  if (!isSecure) return tlsFirst;
  if (isProtection(level)) return '200 OK';
  return `${/^[SE]$/i.test(level) ? 536 : 504} PROT P or PROT C.`;
}

/** The same, for those who are logged in. */
export const fixedRepliesInside: Readonly<Record<string, string>> = {
  PWD: '257 "/" is the only directory',
  XPWD: '257 "/" is the only directory',
  CDUP: '250 This is the only directory.',
  TYPE: '200 Bytes are taken and given as they are.',
  STRU: '200 File.',
  MODE: '200 Stream.',
  ALLO: '202 Not needed.',
  // The server would connect to wherever it is told to.
  PORT: '502 Passive mode only: PASV or EPSV.',
  EPRT: '502 Passive mode only: PASV or EPSV.',
  APPE: '502 Begin again with STOR.',
  STOU: '502 Name the file with STOR.',
  DELE: '550 Nothing can be removed here.',
  RMD: '550 Nothing can be removed here.',
  RNFR: '550 Nothing can be renamed here.',
  MKD: '550 No directories here.',
  XMKD: '550 No directories here.',
};

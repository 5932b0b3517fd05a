import type { RefusalKind } from './transfer-refusal.js';

/** RFC 959 §4.2: 4xx may be tried again, 5xx not. */
export const refusalReplies: Readonly<Record<RefusalKind, number>> = {
  unknown: 530,
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
  FEAT: '211-Features:\r\n EPSV\r\n PASV\r\n REST STREAM\r\n SIZE\r\n UTF8\r\n211 End',
  OPTS: '200 OK',
  HELP: '214 One file is moved here, in passive mode.',
  AUTH: '502 TLS is not spoken on this port.',
};

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

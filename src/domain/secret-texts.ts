import { maskKeys } from './people/api-key.js';
import { mask } from './secret-names.js';

/** Where a station fetches or brings a file: the credentials of the offer are a part of the path. */
const offeredPath = /\/files\/[0-9a-f]{8,64}-[0-9a-f]{16,64}(?![0-9a-f])/g;

const urlDelimiter = /[\s"'<>]/g;

/**
 * `ftp://ada:secret@host` as `ftp://***@host`. Everything between `://` and the last `@` of the word, because people
 * put passwords into URLs as they are. `http://host/files/<credentials>/…` as `http://host/files/***`. API keys without
 * their secrets. In linear time, whatever the text.
 */
export function maskCredentials(text: string): string {
  const withoutOffers = text.includes('/files/') ? text.replace(offeredPath, `/files/${mask}`) : text;
  const withoutKeys = withoutOffers.includes('evf_') ? maskKeys(withoutOffers) : withoutOffers;
  return withoutKeys.includes('@') ? maskUserInfo(withoutKeys) : withoutKeys;
}

function maskUserInfo(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', done)) {
    const start = at + 3;
    urlDelimiter.lastIndex = start;
    const end = urlDelimiter.exec(text)?.index ?? text.length;
    const sign = text.slice(start, end).lastIndexOf('@');
    masked +=
      sign < 0 ? text.slice(done, end) : `${text.slice(done, start)}${mask}${text.slice(start + sign, end)}`;
    done = end;
  }
  return masked + text.slice(done);
}

/** `password=…`, `"apiKey": …`, `<token>…`: the lengths are limited so that no text takes long. */
const assigned =
  /(?:pass|pwd|secret|token|key|psk|credential|pin[-_ ]?code|pin(?![a-z]))\w{0,40}[\\"']{0,4}\s{0,8}[=:>,;|]\s{0,8}/i;
const told = /(?:pass|pwd|secret|psk)\w{0,40}[\\"']{0,4}\s{1,8}/i;

/** `AuthorizationKey 0123…`: words do not look like this. */
const spelled = /(?:token|key)\w{0,40}[\\"']{0,4}\s{1,8}(?=[0-9a-f]{32,40}(?![0-9a-z]))/i;

/** PEM. */
const privateKey = /-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----/;

/** A text for people or of a vendor's own form: from what looks like the value of a secret on, all of it is masked. */
export function maskSecretsInText(text: string): string {
  const found = privateKey.exec(text) ?? assigned.exec(text) ?? told.exec(text) ?? spelled.exec(text);
  if (!found) return text;
  const start = found.index + found[0].length;
  return start < text.length && text.slice(start) !== mask ? text.slice(0, start) + mask : text;
}

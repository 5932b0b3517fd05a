import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import net from 'node:net';

/** A certificate and its key, both PEM, made for one test. */
export interface TestIdentity {
  readonly cert: string;
  readonly key: string;
}

interface Period {
  readonly from?: number;
  readonly until?: number;
}

const dayMs = 86_400_000;

/** An authority that clients of a test can trust. */
export class TestAuthority {
  readonly cert: string;
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #name = 'Test Root';

  constructor() {
    const { publicKey } = this.#keys;
    this.cert = this.#issue(this.#name, publicKey, [
      extension('2.5.29.19', sequence(boolean(true)), { isCritical: true }),
    ]);
  }

  /** Of a server that is reached at 127.0.0.1 and localhost; with an elliptic curve unless told. */
  server({
    hosts = ['127.0.0.1', 'localhost'],
    rsaBits,
    ...period
  }: Period & { hosts?: string[]; rsaBits?: number } = {}): TestIdentity {
    const { publicKey, privateKey } =
      rsaBits === undefined
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: rsaBits });
    const names = hosts.map((host) =>
      net.isIPv4(host)
        ? tagged(0x87, Buffer.from(host.split('.').map(Number)))
        : tagged(0x82, Buffer.from(host)),
    );
    const cert = this.#issue('server', publicKey, [extension('2.5.29.17', sequence(...names))], period);
    return { cert, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  }

  /** RFC 5280: what is signed, how, and the signature. */
  #issue(
    subject: string,
    key: KeyObject,
    extensions: Buffer[],
    { from = Date.now() - dayMs, until = Date.now() + dayMs }: Period = {},
  ): string {
    const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
    const publicKey = key.export({ type: 'spki', format: 'der' });
    const authorityKey = this.#keys.publicKey.export({ type: 'spki', format: 'der' });
    const content = sequence(
      tagged(0xa0, integer(2)),
      tagged(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
      algorithm,
      name(this.#name),
      sequence(time(from), time(until)),
      name(subject),
      publicKey,
      tagged(
        0xa3,
        sequence(
          extension('2.5.29.14', tagged(0x04, keyId(publicKey))),
          extension('2.5.29.35', sequence(tagged(0x80, keyId(authorityKey)))),
          ...extensions,
        ),
      ),
    );
    const signature = sign('sha256', content, this.#keys.privateKey);
    const der = sequence(content, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

/** DER: a tag, the length, the content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function name(commonName: string): Buffer {
  const attribute = sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(commonName)));
  return sequence(tagged(0x31, attribute));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tagged(0x17, Buffer.from(digits.slice(2)));
}

function extension(id: string, value: Buffer, { isCritical = false } = {}): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), tagged(0x04, value));
}

function keyId(publicKey: Buffer): Buffer {
  return createHash('sha1').update(publicKey).digest();
}

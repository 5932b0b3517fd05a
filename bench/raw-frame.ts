/**
 * One text message as it goes over the wire, masked and ready to be sent again and again with other values in it. The
 * generator of the load shares the machine with the server it measures, so that a message must cost it next to nothing.
 */
const mask = [0x5a, 0x13, 0xc7, 0x2e] as const;
const maskBytes = Buffer.from(mask);
const shortMax = 125;
const mediumMax = 0xffff;

/** Opcodes of RFC 6455. */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

export class RawFrame {
  readonly bytes: Buffer;
  readonly #text: string;
  readonly #payloadAt: number;

  constructor(text: string, opcode: number = opcodes.text) {
    const length = Buffer.byteLength(text);
    if (length > mediumMax) throw new RangeError('Messages of the load are short.');
    const header =
      length <= shortMax
        ? [0x80 | opcode, 0x80 | length]
        : [0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff];
    this.#text = text;
    this.#payloadAt = header.length + mask.length;
    this.bytes = Buffer.concat([Buffer.from(header), maskBytes, Buffer.from(text)]);
    for (let index = 0; index < length; index += 1) this.#put(index, this.#get(index));
  }

  /** Where a placeholder stands, for `putText` and `putNumber`. -1: nowhere. */
  find(placeholder: string): number {
    return this.#text.indexOf(placeholder);
  }

  putText(at: number, ascii: string): void {
    for (let index = 0; index < ascii.length; index += 1) this.#put(at + index, ascii.charCodeAt(index));
  }

  /** Right-aligned; the rest is `filler`: a space where JSON allows one, else a zero. */
  putNumber(at: number, width: number, value: number, filler: ' ' | '0'): void {
    let rest = value;
    for (let index = width - 1; index >= 0; index -= 1) {
      const isFiller = rest === 0 && index < width - 1;
      this.#put(at + index, isFiller ? filler.charCodeAt(0) : 0x30 + (rest % 10));
      rest = Math.floor(rest / 10);
    }
  }

  #get(index: number): number {
    return this.bytes[this.#payloadAt + index] ?? 0;
  }

  #put(index: number, byte: number): void {
    this.bytes[this.#payloadAt + index] = byte ^ (mask[index & 3] ?? 0);
  }
}

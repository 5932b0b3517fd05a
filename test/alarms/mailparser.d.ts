/** As far as the tests use it. */
declare module 'mailparser' {
  export interface AddressObject {
    readonly text: string;
    readonly value: readonly { readonly name: string; readonly address?: string }[];
  }
  export interface ParsedMail {
    readonly subject?: string;
    readonly from?: AddressObject;
    readonly to?: AddressObject;
    readonly replyTo?: AddressObject;
    readonly text?: string;
    readonly html: string | false;
    readonly messageId?: string;
    readonly inReplyTo?: string;
    readonly references?: string | readonly string[];
    readonly date?: Date;
    readonly headers: ReadonlyMap<string, unknown>;
    readonly headerLines: readonly { readonly key: string; readonly line: string }[];
    readonly attachments: readonly unknown[];
  }
  export function simpleParser(source: string | Buffer | import('node:stream').Readable): Promise<ParsedMail>;
}

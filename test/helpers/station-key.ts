/** What a station shows by HTTP Basic; the password is bytes. */
export function basic(id: string, key: string | Buffer): { readonly headers: { authorization: string } } {
  const bytes = Buffer.concat([Buffer.from(`${id}:`), Buffer.from(key as string)]);
  return { headers: { authorization: `Basic ${bytes.toString('base64')}` } };
}

/** 20 bytes in hexadecimal, none of them a character that could be typed. */
export const hexKey = 'fb00fe01fd02fc03ff80ff81ff82ff83ff84ff3a';
export const keyBytes = Buffer.from(hexKey, 'hex');

import http from 'node:http';
import https from 'node:https';

export interface HttpOptions {
  readonly signal: AbortSignal;
  /** The only authorities to trust, PEM; those of the system when left out. */
  readonly ca?: readonly string[] | undefined;
}

/**
 * Uploads a text. OCPP 1.6 calls the location a directory but says no method, so the usual ones are tried: PUT of the
 * file into it, then PUT and POST to the location itself.
 * @throws Error when none is accepted, or the reason of `signal`
 */
export async function httpUpload(
  location: string,
  fileName: string,
  text: string,
  options: HttpOptions,
): Promise<void> {
  const file = new URL(location);
  file.pathname = `${file.pathname.replace(/\/*$/, '/')}${encodeURIComponent(fileName)}`;
  const tries = [
    { method: 'PUT', url: file.href },
    { method: 'PUT', url: location },
    { method: 'POST', url: location },
  ];
  let status = 0;
  for (const { method, url } of tries) {
    const response = await ask(url, { method, text, ...options });
    response.resume();
    status = response.statusCode ?? 0;
    if (isOk(status)) return;
    if (status !== 404 && status !== 405) break;
  }
  throw new Error(`The upload was answered with HTTP ${status}`);
}

/**
 * Downloads a file and throws it away. @returns its size in bytes
 * @throws Error on any status but 2xx, when it is too large, or the reason of `signal`
 */
export async function httpDownload(
  location: string,
  maxBytes: number,
  options: HttpOptions,
): Promise<number> {
  const response = await ask(location, { method: 'GET', ...options });
  const status = response.statusCode ?? 0;
  if (!isOk(status)) {
    response.resume();
    throw new Error(`The download was answered with HTTP ${status}`);
  }
  let sizeBytes = 0;
  for await (const chunk of response) {
    sizeBytes += Buffer.byteLength(chunk);
    if (sizeBytes > maxBytes) throw new Error('The file is too large');
  }
  return sizeBytes;
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

interface Question extends HttpOptions {
  readonly method: string;
  readonly text?: string;
}

/** Redirects are not followed: a virtual station goes nowhere but where it was sent. */
function ask(url: string, { method, text, signal, ca }: Question): Promise<http.IncomingMessage> {
  const body = text === undefined ? undefined : Buffer.from(text);
  const headers = body && { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length };
  const shared = { method, signal, agent: false as const, ...(headers && { headers }) };
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:')
      ? https.request(url, { ...shared, ...(ca && { ca: [...ca] }) })
      : http.request(url, shared);
    request.once('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

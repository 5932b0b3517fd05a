/**
 * Uploads a text. OCPP 1.6 calls the location a directory but says no method, so the usual ones are tried: PUT of the
 * file into it, then PUT and POST to the location itself.
 * @throws Error when none is accepted, or the reason of `signal`
 */
export async function httpUpload(
  location: string,
  fileName: string,
  text: string,
  signal: AbortSignal,
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
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const response = await fetch(url, { method, body: text, headers, signal });
    await response.body?.cancel();
    if (response.ok) return;
    status = response.status;
    if (status !== 404 && status !== 405) break;
  }
  throw new Error(`The upload was answered with HTTP ${status}`);
}

/**
 * Downloads a file and throws it away. @returns its size in bytes
 * @throws Error on any status but 2xx, when it is too large, or the reason of `signal`
 */
export async function httpDownload(location: string, maxBytes: number, signal: AbortSignal): Promise<number> {
  const response = await fetch(location, { signal });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`The download was answered with HTTP ${response.status}`);
  }
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new Error('The file is too large');
  }
  return sizeBytes;
}

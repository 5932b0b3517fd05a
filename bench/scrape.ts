import http from 'node:http';

/** One metric without labels, as the server tells it now. */
export async function scrape(controlSocket: string, metric: string): Promise<number> {
  const text = await get(controlSocket, '/metrics');
  const value = new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`The server has no metric ${metric}.`);
  return Number(value);
}

function get(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

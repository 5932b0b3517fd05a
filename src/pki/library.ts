export type X509Library = typeof import('@peculiar/x509');

let loading: Promise<X509Library> | undefined;

/** What makes certificates takes a tenth of a second to load; most commands, and most servers, never make one. */
export function loadX509(): Promise<X509Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<X509Library> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

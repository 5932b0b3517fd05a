import { readFileSync } from 'node:fs';
import type { ServerCertificate, ServerFacts } from '../domain/check/server-facts.js';
import type { FileServers } from './files/file-servers.js';

export function describeServer(options: {
  readonly host: string;
  readonly version?: string;
  readonly maxConnections?: number | undefined;
  readonly startedAt: number;
  readonly apiUrl: string | null;
  readonly url: string;
  readonly tlsUrl: string | null;
  readonly certificates: readonly ServerCertificate[];
  readonly ports: Pick<FileServers, 'stationPort' | 'tlsPort' | 'ports' | 'passivePorts'>;
}): ServerFacts {
  const { host, version = 'unknown', maxConnections = 20_000, startedAt, apiUrl, ports } = options;
  const { stationPort, tlsPort, passivePorts } = ports;
  const { url, tlsUrl, certificates } = options;
  return {
    version,
    nodeVersion: process.versions.node,
    pid: process.pid,
    startedAt,
    host,
    url,
    stationPort: stationPort ?? tlsPort ?? 0,
    tlsUrl,
    tlsPort: tlsPort ?? null,
    certificates,
    httpPort: ports.ports.http,
    httpsPort: ports.ports.https,
    ftpPort: ports.ports.ftp,
    ftpPassivePorts: passivePorts,
    apiUrl,
    maxConnections,
    openFilesLimit: openFilesLimit(),
  };
}

/** How many files this process may have open; null where the system does not say, or sets no limit. */
export function openFilesLimit(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

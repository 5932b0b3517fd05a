import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { staff } from '../access.js';
import { unary } from '../operation.js';
import { instant, nullable, toIso } from '../shared.js';

const port = Type.Integer();

const serverInfo = Type.Object({
  version: Type.String(),
  nodeVersion: Type.String(),
  pid: Type.Integer(),
  time: instant,
  startedAt: instant,
  uptimeS: Type.Integer(),
  host: Type.String(),
  /** Stations connect to this with their id appended. */
  url: Type.String(),
  stationPort: port,
  /** The same in TLS. */
  tlsUrl: nullable(Type.String()),
  tlsPort: nullable(port),
  certificates: Type.Array(
    Type.Object({
      file: Type.String(),
      keyType: Type.Union([Type.Literal('ecdsa'), Type.Literal('rsa')]),
      validFrom: instant,
      validTo: instant,
    }),
  ),
  httpPort: nullable(port),
  httpsPort: nullable(port),
  ftpPort: nullable(port),
  ftpPassivePorts: nullable(Type.Object({ first: port, last: port })),
  /** Where the fleet is administered from elsewhere. */
  apiUrl: nullable(Type.String()),
  maxConnections: Type.Integer(),
  openFilesLimit: nullable(Type.Integer()),
});

export const serverOperations = {
  'server.info': unary({
    summary: 'Where the running server listens, and since when',
    access: staff,
    effect: 'read',
    live: true,
    input: Type.Object({}),
    output: serverInfo,
    async run({ server, clock }) {
      if (!server) throw new FleetError('SERVER_UNREACHABLE', 'No server is running.');
      const { startedAt, ftpPassivePorts, certificates, ...facts } = server();
      const now = clock.now();
      return {
        ...facts,
        certificates: certificates.map(({ validFrom, validTo, ...certificate }) => ({
          ...certificate,
          validFrom: toIso(validFrom),
          validTo: toIso(validTo),
        })),
        ftpPassivePorts: ftpPassivePorts && { ...ftpPassivePorts },
        time: toIso(now),
        startedAt: toIso(startedAt),
        uptimeS: Math.max(0, Math.round((now - startedAt) / 1000)),
      };
    },
  }),
};

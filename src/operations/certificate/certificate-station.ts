import { type Static, Type } from '@sinclair/typebox';
import { plainSerial } from '../../domain/certificate/certificate.js';
import type { HashData } from '../../domain/certificate/certificate-authority.js';
import { FleetError } from '../../domain/errors.js';
import { quoteForShell } from '../../domain/shell.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findStation } from '../lookup.js';
import { type OperationContext, stream, unary } from '../operation.js';
import { statusOfRefusal } from '../remote/refusal.js';
import { type CallOptions, send, timeoutMs, wish } from '../remote/remote-call.js';
import { timeLeft, waitMs } from '../remote/remote-wait.js';
import { given, nullable, oneOf } from '../shared.js';
import { noAuthority } from './certificate-issue.js';
import { authorityOf } from './certificate-view.js';
import { sinceNow, takenSince } from './certificate-wait.js';

const rootTypes = ['CentralSystemRootCertificate', 'ManufacturerRootCertificate'] as const;
const rootType = oneOf(...rootTypes);
type RootType = (typeof rootTypes)[number];

/** The longest certificate that OCPP knows (InstallCertificate.certificate). */
const rootMaxLength = 5500;

const hashData = {
  hashAlgorithm: oneOf('SHA256', 'SHA384', 'SHA512'),
  issuerNameHash: Type.String({ maxLength: 128 }),
  issuerKeyHash: Type.String({ maxLength: 128 }),
  serialNumber: Type.String({ maxLength: 40 }),
};

/** Names and order are a contract: CSV columns follow them. */
const installedView = Type.Object({
  type: rootType,
  /** Whether it is that of the fleet's own authority. */
  isOwn: Type.Boolean(),
  ...hashData,
});
export type InstalledView = Static<typeof installedView>;

export const certificateStationOperations = {
  'certificate.install': stream({
    summary: 'Install a root certificate on stations',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      type: Type.Optional(rootType),
      /** PEM; that of the fleet's own authority when left out. */
      certificate: Type.Optional(Type.String({ minLength: 1, maxLength: 65_536 })),
      timeoutMs,
    }),
    /** In `detail`: `serial` and `type`. */
    output: bulkOutcome,
    async *run(context, input) {
      const { targets, concurrency, type = 'CentralSystemRootCertificate', timeoutMs } = input;
      const { pem, serial } = await rootFrom(context, input.certificate);
      const payload = { certificateType: type, certificate: pem };
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const to = 'install the root certificate';
        const refusals = { Rejected: 'it does not take this one', Failed: 'it could not store it' };
        const { status } = await wish(
          context,
          station,
          { action: 'InstallCertificate', payload, to, refusals },
          { timeoutMs, signal },
        );
        const message = `${station.id} answered ${status}: it trusts certificate ${serial} from now on.`;
        return { status, message, detail: { serial, type } };
      });
    },
  }),

  'certificate.installed': unary({
    summary: 'Ask a station which root certificates it has',
    access: staff,
    effect: 'read',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      type: Type.Optional(rootType),
      timeoutMs,
      ...listQuery,
    }),
    output: listOf(installedView),
    async run(context, { stationId, type, timeoutMs, ...query }) {
      const station = await context.store.read((r) => findStation(r, stationId));
      const options = { timeoutMs, signal: context.signal };
      const items = await installedAt(context, station, type ? [type] : rootTypes, options);
      return applyListQuery(items, given(query), fieldsOf(installedView));
    },
  }),

  'certificate.delete': unary({
    summary: 'Remove a root certificate from a station',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      /** One of these three says which. */
      serial: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      /** PEM; of one that is not its own issuer, with that behind it. */
      certificate: Type.Optional(Type.String({ minLength: 1, maxLength: 65_536 })),
      hashData: Type.Optional(Type.Object(hashData)),
      ignoreNotFound: Type.Optional(Type.Boolean()),
      timeoutMs,
    }),
    output: Type.Object({
      stationId: Type.String(),
      /** Whether there was one. */
      deleted: Type.Boolean(),
      status: Type.String(),
      /** In the words of the station; null when it has none. */
      hashAlgorithm: nullable(hashData.hashAlgorithm),
      issuerNameHash: nullable(hashData.issuerNameHash),
      issuerKeyHash: nullable(hashData.issuerKeyHash),
      serialNumber: nullable(hashData.serialNumber),
    }),
    async run(context, { stationId, timeoutMs, ignoreNotFound = false, ...which }) {
      const station = await context.store.read((r) => findStation(r, stationId));
      const options = { timeoutMs, signal: context.signal };
      try {
        return { stationId, deleted: true, ...(await remove(context, station, which, options)) };
      } catch (error) {
        if (!ignoreNotFound || !isMissing(error)) throw error;
        return { stationId, deleted: false, status: 'NotFound', ...noHashData };
      }
    },
  }),

  'certificate.renew': stream({
    summary: 'Have stations ask for new certificates',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, timeoutMs, waitMs }),
    /** In `detail`, when it was waited for: `serial` and `notAfter`. */
    output: bulkOutcome,
    async *run(context, { targets, concurrency, timeoutMs, waitMs }) {
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const { clock } = context;
        const since = await sinceNow(context);
        const message = {
          action: 'ExtendedTriggerMessage',
          payload: { requestedMessage: 'SignChargePointCertificate' },
          to: 'ask for a certificate',
          refusals: { Rejected: 'it cannot now', NotImplemented: 'it does not know how to' },
        };
        const { status } = await wish(context, station, message, { timeoutMs, signal });
        if (waitMs === undefined) {
          return { status, message: `${station.id} answered ${status}: it will ask for a certificate.` };
        }
        const left = timeLeft(waitMs, since.at, clock);
        const { serial, notAfter } = await takenSince(context, station, since, { timeoutMs: left, signal });
        const until = new Date(notAfter).toISOString();
        const text = `${station.id} has taken certificate ${serial}, good until ${until}.`;
        return { status, message: text, detail: { serial, notAfter: until } };
      });
    },
  }),
};

type Asked = Parameters<typeof send>[1];

/** What is to be trusted. @throws FleetError USAGE when stations could do nothing with it */
async function rootFrom(context: OperationContext, pem: string | undefined) {
  const authority = authorityOf(context);
  if (pem === undefined) {
    const own = await authority.find();
    if (!own) throw noAuthority();
    return own;
  }
  const facts = await authority.read(pem);
  if (!facts.isAuthority) {
    throw new FleetError('USAGE', `This is not the certificate of an authority: ${facts.subject}.`);
  }
  if (facts.notAfter <= context.clock.now()) {
    throw new FleetError('USAGE', `This certificate has ended: ${new Date(facts.notAfter).toISOString()}.`);
  }
  if (facts.pem.length > rootMaxLength) {
    throw new FleetError('USAGE', `OCPP takes certificates of ${rootMaxLength} characters at most.`);
  }
  return facts;
}

async function installedAt(
  context: OperationContext,
  station: Asked,
  types: readonly RootType[],
  options: CallOptions,
): Promise<InstalledView[]> {
  const own = await authorityOf(context).find();
  const ownHashes = own ? await authorityOf(context).hashData(own.pem) : [];
  const found: InstalledView[] = [];
  for (const type of types) {
    const payload = { certificateType: type };
    const answer = await send(context, station, { action: 'GetInstalledCertificateIds', payload }, options);
    for (const data of (answer.certificateHashData ?? []) as HashData[]) {
      const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = data;
      const isOwn = ownHashes.some((one) => isSame(one, data));
      found.push({ type, isOwn, hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber });
    }
  }
  return found;
}

const noHashData = { hashAlgorithm: null, issuerNameHash: null, issuerKeyHash: null, serialNumber: null };

/** The station has no such certificate: by what it said that it has, or by its answer. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof FleetError)) return false;
  return error.code === 'NOT_FOUND' || statusOfRefusal(error) === 'NotFound';
}

interface Which {
  readonly serial?: string | undefined;
  readonly certificate?: string | undefined;
  readonly hashData?: HashData | undefined;
}

async function remove(context: OperationContext, station: Asked, which: Which, options: CallOptions) {
  const data = await namedBy(context, station, which, options);
  const message = {
    action: 'DeleteCertificate',
    payload: { certificateHashData: data },
    to: 'remove the root certificate',
    refusals: { Failed: 'it could not, or needs it to connect', NotFound: 'it has no such certificate' },
  };
  const { status } = await wish(context, station, message, options);
  return { status, ...data };
}

/** In the words of the station, if it has it: it chooses how it reckons hashes. */
async function namedBy(
  context: OperationContext,
  station: Asked,
  { serial, certificate, hashData }: Which,
  options: CallOptions,
): Promise<HashData> {
  const given = [serial, certificate, hashData].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new FleetError('USAGE', 'One certificate has to be named: by serial number, file or hashes.', {
      suggestions: [`evfleet certificate installed ${quoteForShell(station.id)}`],
    });
  }
  if (hashData) return hashData;
  const hashes = certificate === undefined ? [] : await authorityOf(context).hashData(certificate);
  const installed = await installedAt(context, station, rootTypes, options);
  const matching = installed.filter((one) =>
    serial === undefined
      ? hashes.some((hash) => isSame(hash, one))
      : plainSerial(one.serialNumber) === plainSerial(serial),
  );
  const [found, ...others] = matching;
  // The same certificate may be there as both types.
  if (found && others.every((other) => isSame(other, found))) {
    const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = found;
    return { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
  }
  const suggestions = [`evfleet certificate installed ${quoteForShell(station.id)}`];
  if (found) {
    const message = `${station.id} has several certificates with this number: name it by --file, or by its hashes.`;
    throw new FleetError('CONFLICT', message, { suggestions });
  }
  throw new FleetError('NOT_FOUND', `${station.id} has no such root certificate.`, { suggestions });
}

function isSame(one: HashData, other: HashData): boolean {
  return (
    one.hashAlgorithm === other.hashAlgorithm &&
    one.issuerNameHash.toLowerCase() === other.issuerNameHash.toLowerCase() &&
    one.issuerKeyHash.toLowerCase() === other.issuerKeyHash.toLowerCase() &&
    plainSerial(one.serialNumber) === plainSerial(other.serialNumber)
  );
}

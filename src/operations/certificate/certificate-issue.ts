import net from 'node:net';
import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { effectiveSettings } from '../../domain/settings.js';
import { fleetStaff, machineAdmins } from '../access.js';
import { findStation } from '../lookup.js';
import { type OperationContext, unary } from '../operation.js';
import {
  authorityOf,
  certificateDetail,
  keyType,
  momentOf,
  toCertificate,
  toCertificateDetail,
} from './certificate-view.js';

const dayMs = 86_400_000;

/** RFC 5280, ub-common-name and ub-organization-name. */
const nameLength = { minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]+$' } as const;
const validityMs = Type.Optional(Type.Integer({ minimum: 3600_000, maximum: 36_500 * dayMs }));
/** Absolute path on the machine of the server. */
const file = Type.Optional(Type.String({ minLength: 1, maxLength: 4096 }));

const files = {
  keyType,
  /** That of the setting `certificates.validity` when left out. */
  validityMs,
  /** In the directory `pki` of the data directory when left out. */
  certFile: file,
  keyFile: file,
  /** Writes over what is there. */
  replace: Type.Optional(Type.Boolean()),
};

export const certificateIssueOperations = {
  'certificate.ca-create': unary({
    summary: 'Make a certificate authority of the fleet',
    access: machineAdmins,
    effect: 'change',
    input: Type.Object({
      name: Type.String(nameLength),
      organization: Type.Optional(Type.String(nameLength)),
      validityMs,
      keyType,
    }),
    output: certificateDetail,
    async run(context, { name, organization, validityMs = 3650 * dayMs, keyType = 'ecdsa' }) {
      const { store, clock } = context;
      const operator = organization ?? (await organizationIn(context)) ?? null;
      const wanted = { commonName: name, organization: operator, validityMs, keyType };
      const facts = await authorityOf(context).create(wanted);
      const certificate = toCertificate(facts, { kind: 'ca', issuedAt: clock.now() });
      await store.write((r) => r.certificates.insert(certificate));
      return toCertificateDetail(certificate, await momentOf(context));
    },
  }),

  'certificate.ca-show': unary({
    summary: 'Show the certificate authority of the fleet',
    access: fleetStaff,
    effect: 'read',
    input: Type.Object({}),
    output: certificateDetail,
    async run(context) {
      const facts = await authorityOf(context).find();
      if (!facts) throw noAuthority();
      const known = await context.store.read((r) => r.certificates.find(facts.fingerprint));
      // One that was brought here by hand is not in the store.
      const certificate = known ?? toCertificate(facts, { kind: 'ca', issuedAt: facts.notBefore });
      return toCertificateDetail(certificate, await momentOf(context));
    },
  }),

  'certificate.issue-server': unary({
    summary: 'Make a key and a certificate for a server',
    access: machineAdmins,
    effect: 'change',
    input: Type.Object({
      hosts: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { minItems: 1, maxItems: 100 }),
      ...files,
    }),
    output: certificateDetail,
    async run(context, { hosts, ...wanted }) {
      for (const host of hosts) checkHost(host);
      const { store, clock } = context;
      const made = await authorityOf(context).issueServer({ ...(await completed(context, wanted)), hosts });
      const { certFile, keyFile } = made;
      const about = { kind: 'server', issuedAt: clock.now(), certFile, keyFile } as const;
      const certificate = toCertificate(made, { ...about, hosts: hosts.join(',') });
      await store.write((r) => r.certificates.insert(certificate));
      return toCertificateDetail(certificate, await momentOf(context));
    },
  }),

  'certificate.issue-station': unary({
    summary: 'Make a key and a certificate for a station that is provisioned by hand',
    access: machineAdmins,
    effect: 'change',
    input: Type.Object({ stationId: Type.String(), ...files }),
    output: certificateDetail,
    async run(context, { stationId, ...wanted }) {
      const { store, clock } = context;
      const station = await store.read((r) => findStation(r, stationId));
      if (stationId.length > nameLength.maxLength) {
        throw new FleetError(
          'USAGE',
          `A name in a certificate has ${nameLength.maxLength} characters at most.`,
        );
      }
      const made = await authorityOf(context).issueStation({
        ...(await completed(context, wanted)),
        stationId,
      });
      const { certFile, keyFile } = made;
      const about = { kind: 'station', issuedAt: clock.now(), certFile, keyFile } as const;
      const certificate = toCertificate(made, { ...about, stationUuid: station.uuid, stationId });
      await store.write((r) => r.certificates.insert(certificate));
      return toCertificateDetail(certificate, await momentOf(context));
    },
  }),
};

interface Wanted {
  readonly keyType?: 'ecdsa' | 'rsa' | undefined;
  readonly validityMs?: number | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly replace?: boolean | undefined;
}

async function completed(
  context: OperationContext,
  { keyType = 'ecdsa', replace = false, ...wanted }: Wanted,
) {
  const settings = effectiveSettings(await context.store.read((r) => r.settings.list()));
  const own = await authorityOf(context).find();
  return {
    ...wanted,
    keyType,
    replace,
    validityMs: wanted.validityMs ?? settings['certificates.validity'],
    organization: settings['security.organization'] ?? own?.organization ?? null,
  };
}

async function organizationIn({ store }: OperationContext): Promise<string | undefined> {
  return effectiveSettings(await store.read((r) => r.settings.list()))['security.organization'];
}

const hostName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

function checkHost(host: string): void {
  if (net.isIP(host) !== 0 || hostName.test(host)) return;
  throw new FleetError('USAGE', `${JSON.stringify(host)} is neither the name of a host nor an address.`, {
    suggestions: ['--host csms.example.org --host 192.0.2.7'],
  });
}

export function noAuthority(): FleetError {
  return new FleetError('NOT_FOUND', 'This fleet has no certificate authority of its own.', {
    suggestions: ['evfleet certificate ca create --organization "Name of the operator"'],
  });
}

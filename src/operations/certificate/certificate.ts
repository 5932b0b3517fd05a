import { Type } from '@sinclair/typebox';
import {
  type Certificate,
  certificateKinds,
  revocationReasons,
} from '../../domain/certificate/certificate.js';
import type { CertificateFilter } from '../../domain/certificate/certificate-repositories.js';
import { revocationListValidMs, revokedSerials } from '../../domain/certificate/revoked-serials.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { admins, fleetStaff, staff } from '../access.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { checkStationKnown } from '../lookup.js';
import { type OperationContext, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, oneOf } from '../shared.js';
import { Turns } from '../turns.js';
import {
  authorityOf,
  certificateDetail,
  certificateStates,
  certificateView,
  findCertificate,
  type Moment,
  momentOf,
  toCertificateDetail,
  toCertificateView,
} from './certificate-view.js';

/** A serial number or a fingerprint. */
const which = Type.String({ minLength: 1, maxLength: 200 });

export const certificateOperations = {
  'certificate.list': unary({
    summary: 'List certificates, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object({
      stationId: Type.Optional(Type.String()),
      kind: Type.Optional(oneOf(...certificateKinds)),
      state: Type.Optional(oneOf(...certificateStates)),
      ...listQuery,
    }),
    output: listOf(certificateView),
    async run(context, { stationId, kind, state, ...query }) {
      const { store, signal } = context;
      const moment = await momentOf(context);
      const filter: CertificateFilter = given({ stationId, kind, ...(state && inState(state, moment)) });
      await store.read((r) => checkStation(r, stationId));
      const source = {
        page: (size: number, after: Certificate | undefined) =>
          store.read((r) => r.certificates.list(filter, { limit: size, after })),
        count: () => store.read((r) => r.certificates.count(filter)),
        view: (certificate: Certificate) => toCertificateView(certificate, moment),
        fields: fieldsOf(certificateView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'certificate.show': unary({
    summary: 'Show a certificate',
    access: staff,
    effect: 'read',
    input: Type.Object({ id: which }),
    output: certificateDetail,
    async run(context, { id: typed }) {
      const certificate = await context.store.read((r) => findCertificate(r, typed));
      return toCertificateDetail(certificate, await momentOf(context));
    },
  }),

  'certificate.revoke': unary({
    summary: 'Revoke a certificate: it opens no connection any more',
    access: admins,
    effect: 'change',
    input: Type.Object({ id: which, reason: Type.Optional(oneOf(...revocationReasons)) }),
    output: certificateView,
    async run(context, { id: typed, reason = 'unspecified' }) {
      const { store, clock, live } = context;
      const now = clock.now();
      const revoked = await store.write(async (r) => {
        const found = await findCertificate(r, typed);
        const { fingerprint, serial, kind, stationUuid, stationId, revokedAt } = found;
        if (kind === 'ca') throw ownAuthority();
        if (revokedAt !== null) {
          throw new FleetError('CONFLICT', `Certificate ${serial} was revoked already.`, {
            suggestions: ['evfleet certificate list --state revoked'],
          });
        }
        const change = { revokedAt: now, reason };
        await r.certificates.update(fingerprint, change);
        if (stationUuid !== null && stationId !== null) {
          await r.events.insert({
            ...{ at: now, receivedAt: now, stationUuid, stationId, connector: null },
            ...{ kind: 'certificate.revoked', detail: JSON.stringify({ serial, reason }) },
          });
        }
        return { ...found, ...change };
      });
      const { stationUuid, origin } = revoked;
      // Whichever certificate it showed: with another one it may come back.
      if (stationUuid !== null && live?.shownSecurity(stationUuid)?.hasCertificate) {
        live.disconnect(stationUuid, 'a certificate of it was revoked');
      }
      if (origin === 'own') await listRevoked(context);
      return toCertificateView(revoked, await momentOf(context));
    },
  }),

  'certificate.crl': unary({
    summary: 'The list of revoked certificates',
    access: fleetStaff,
    effect: 'read',
    input: Type.Object({}),
    output: Type.Object({
      /** Certificates on it. */
      revoked: Type.Integer(),
      pem: Type.String(),
    }),
    run: (context) => listRevoked(context),
  }),
};

/** One list after the other: the last one that is written must be the one that was read last. */
const lists = new Turns();

function listRevoked(context: OperationContext): Promise<{ revoked: number; pem: string }> {
  const { store, clock, signal } = context;
  return lists.take('revoked', signal, async () => {
    const serials = await revokedSerials(store, clock.now());
    const pem = await authorityOf(context).writeRevoked(serials, revocationListValidMs);
    return { revoked: serials.length, pem };
  });
}

function inState(
  state: (typeof certificateStates)[number],
  { now, renewBeforeMs }: Moment,
): CertificateFilter {
  const good = { revoked: false };
  switch (state) {
    case 'revoked':
      return { revoked: true };
    case 'expired':
      return { ...good, endsBy: now };
    case 'expiring':
      return { ...good, endsAfter: now, endsBy: now + renewBeforeMs };
    case 'valid':
      return { ...good, endsAfter: now + renewBeforeMs };
  }
}

/** Whether a station of that id is, or was, known. */
function checkStation(r: Repositories, stationId: string | undefined): Promise<void> {
  return checkStationKnown(r, stationId, (id) => r.certificates.list({ stationId: id }, { limit: 1 }));
}

function ownAuthority(): FleetError {
  return new FleetError('CONFLICT', 'An authority does not revoke itself: stations would not learn of it.', {
    suggestions: [
      'Remove it from stations: evfleet certificate delete STATION --serial SERIAL',
      'Move the directory pki of the data directory away, then evfleet certificate ca create.',
    ],
  });
}

import type { Certificate } from '../../domain/certificate/certificate.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { quoteForShell } from '../../domain/shell.js';
import type { OperationContext } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import type { CallOptions } from '../remote/remote-call.js';

/** Certificates of a station that may be the one: of those made at the same instant any can come first. */
const lookedAt = 10;

type Asked = Pick<Station, 'id' | 'uuid'>;

/** From when on it counts what happened: before the station was asked. */
export interface Since {
  readonly at: number;
  /** Number of the last event before. */
  readonly event: number;
}

/** From here on; take it before the station is asked, so that no answer is missed. */
export async function sinceNow({ store, clock }: Pick<OperationContext, 'store' | 'clock'>): Promise<Since> {
  return { at: clock.now(), event: await store.read((r) => r.events.lastSequence()) };
}

/**
 * The certificate that the station has taken since.
 * @throws FleetError TIMED_OUT when it takes none in time, CONFLICT when it gets none, REFUSED when it will not take it
 */
export async function takenSince(
  context: OperationContext,
  station: Asked,
  since: Since,
  { timeoutMs, signal }: CallOptions,
): Promise<Certificate> {
  const { store, live } = context;
  const { id, uuid } = station;
  const outcome = await live?.waitFor(
    async () => {
      const newest = await store.read((r) => r.certificates.list({ stationId: id }, { limit: lookedAt }));
      const isTaken = ({ installedAt }: Certificate) => installedAt !== null && installedAt >= since.at;
      return newest.find(isTaken) ?? failureSince(context, station, since.event);
    },
    { timeoutMs, signal, stationUuid: uuid },
  );
  if (outcome instanceof FleetError) throw outcome;
  if (outcome) return outcome;
  throw new FleetError('TIMED_OUT', `${id} will ask for a certificate, but has not taken one yet.`, {
    suggestions: [eventsOf(station)],
  });
}

/** Why it gets none now, or will not take it. That something is tried again without its help is no failure yet. */
async function failureSince(
  { store }: OperationContext,
  station: Asked,
  after: number,
): Promise<FleetError | undefined> {
  const { id } = station;
  const [ownEnds, answers] = await store.read(async (r) => {
    const page = { after, limit: 100 };
    return [
      await r.events.listAfter({ stationId: id, kind: 'certificate' }, page),
      await r.events.listAfter({ stationId: id, kind: 'remote.refused' }, page),
    ];
  });
  const suggestions = [eventsOf(station)];
  for (const { kind, detail } of ownEnds) {
    const why = because(reading(detail).reason);
    if (kind === 'certificate.signing-refused') {
      return new FleetError('CONFLICT', `${id} asked for a certificate, which was refused here${why}.`, {
        suggestions,
      });
    }
    if (kind === 'certificate.failed') {
      return new FleetError('CONFLICT', `${id} got no certificate${why}.`, { suggestions });
    }
  }
  for (const { detail } of answers) {
    const { action, status } = reading(detail);
    if (action !== 'CertificateSigned') continue;
    const message = `${id} answered ${String(status)} to its new certificate. It will be offered to it again later.`;
    return new Refusal(id, String(status), message, suggestions);
  }
  return undefined;
}

function reading(detail: string): Readonly<Record<string, unknown>> {
  return JSON.parse(detail) as Record<string, unknown>;
}

function because(reason: unknown): string {
  return typeof reason === 'string' && reason !== '' ? `: ${reason}` : '';
}

function eventsOf({ id }: Asked): string {
  return `evfleet event list --station ${quoteForShell(id)}`;
}

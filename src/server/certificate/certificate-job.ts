import fs from 'node:fs/promises';
import type { Certificate } from '../../domain/certificate/certificate.js';
import type { CertificateAuthority } from '../../domain/certificate/certificate-authority.js';
import { revocationListValidMs, revokedSerials } from '../../domain/certificate/revoked-serials.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { BackgroundJob } from '../jobs/background-job.js';
import type { StationRenewal } from './certificate-renewal.js';

export interface CertificateJobOptions {
  readonly store: Store;
  readonly authority: CertificateAuthority;
  readonly stations: StationRenewal;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the list of revoked certificates. */
  readonly revokedFile: string;
}

/** Stations come and go: those that were away are asked soon after they are back. */
const intervalMs = 3600_000;
/** Once stations are back after a restart. */
const firstDelayMs = 120_000;
const listEveryMs = 86_400_000;
const perRun = 500;

/** Renews certificates before they end, and the list of those that are revoked. */
export function createCertificateJob(options: CertificateJobOptions): BackgroundJob {
  const { clock, log, stations } = options;
  let listedAt: number | undefined;
  return new BackgroundJob({
    name: 'certificates',
    clock,
    log,
    firstDelayMs,
    retryDelayMs: intervalMs,
    async run(signal) {
      await stations.run(signal);
      if (!signal.aborted) await renewServers(options);
      const now = clock.now();
      if (listedAt === undefined || now - listedAt >= listEveryMs) {
        await renewList(options);
        listedAt = now;
      }
      return intervalMs;
    },
  });
}

/** Those that `certificate issue server` made, in their files; whoever uses them reads them again. */
async function renewServers({ store, authority, clock, log }: CertificateJobOptions): Promise<void> {
  const now = clock.now();
  const settings = effectiveSettings(await store.read((r) => r.settings.list()));
  const endsBy = now + settings['certificates.renew-before'];
  const filter = { kind: 'server', revoked: false, endsBy } as const;
  const ending = await store.read((r) => r.certificates.list(filter, { limit: perRun }));
  for (const certificate of ending) {
    const { certFile, keyFile, hosts, serial } = certificate;
    if (certFile === null || keyFile === null || hosts === null) continue;
    const facts = await presentIn(authority, certFile);
    // Renewed before, or by somebody else.
    if (facts?.fingerprint !== certificate.fingerprint) continue;
    // None would end later than the authority's own.
    const own = await authority.find();
    if (!own || own.notAfter <= endsBy) {
      log.warn(`the certificate ${certFile} ends, and there is no authority any more that could renew it`);
      continue;
    }
    try {
      const made = await authority.issueServer({
        ...{ hosts: hosts.split(','), organization: facts.organization, keyType: facts.keyType },
        ...{ validityMs: settings['certificates.validity'], certFile, keyFile, replace: true },
      });
      await store.write((r) => r.certificates.insert(successor(certificate, made, now)));
      log.info(`the certificate ${certFile} is renewed`, { before: serial, serial: made.serial });
    } catch (error) {
      log.error(`the certificate ${certFile} ends, and cannot be renewed: ${messageOf(error)}`);
    }
  }
}

async function presentIn(authority: CertificateAuthority, file: string) {
  try {
    return await authority.read(await fs.readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function successor(
  before: Certificate,
  made: Awaited<ReturnType<CertificateAuthority['issueServer']>>,
  issuedAt: number,
): Certificate {
  const { fingerprint, serial, subject, notBefore, notAfter, pem } = made;
  return { ...before, fingerprint, serial, subject, notBefore, notAfter, pem, issuedAt };
}

/** Where somebody has a use for it: it was made once. */
async function renewList({ store, authority, clock, revokedFile }: CertificateJobOptions): Promise<void> {
  const isThere = await fs.access(revokedFile).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  await authority.writeRevoked(await revokedSerials(store, clock.now()), revocationListValidMs);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

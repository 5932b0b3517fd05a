import path from 'node:path';
import { createMailProbe } from '../alarms/delivery/mail-probe.js';
import { ConfigurationLoop } from '../csms/configuration-loop.js';
import { Csms } from '../csms/csms.js';
import type { FleetError } from '../domain/errors.js';
import { EventFeed } from '../domain/event-feed.js';
import { systemCaller } from '../domain/people/caller.js';
import { callerOfKey } from '../operations/people/authenticate.js';
import { logIn } from '../operations/people/login.js';
import { operations } from '../operations/registry.js';
import { OperationRunner } from '../operations/runner.js';
import { createPki } from '../pki/pki.js';
import { pkiPaths } from '../pki/pki-directory.js';
import { FleetStore } from '../store/fleet-store.js';
import { jobsInWorker } from '../store/store-worker.js';
import { createOutageRetentionJob, createWatcher } from './alarms.js';
import { announcing } from './announcing-store.js';
import { ApiServer } from './api/api-server.js';
import { CertificateDesk } from './certificate/certificate-desk.js';
import { createCertificateJob } from './certificate/certificate-job.js';
import { StationRenewal } from './certificate/certificate-renewal.js';
import { CertificateSigner } from './certificate/certificate-signer.js';
import { checkCsrCommand } from './certificate/csr-command.js';
import { createControlApi, listenOnSocket } from './control-api.js';
import { createDiagnosticsRetentionJob, endDiagnosticsOfBefore } from './files/diagnostics-retention.js';
import { FileServers } from './files/file-servers.js';
import { diagnosticsDirectory, filesIn } from './files/stored-files.js';
import { createFirmwareFiles } from './firmware-files.js';
import { FirmwareRollouts } from './firmware-rollouts.js';
import { createBackupJob } from './jobs/backup-schedule.js';
import { createCompactionLimitsJob, defaultCompactionLimits } from './jobs/compaction-limits.js';
import { LocalListKeeper } from './jobs/local-list-keeper.js';
import { createReservationJob } from './jobs/reservation-job.js';
import { createRetentionJob } from './jobs/retention.js';
import { createOutboxRetentionJob, createOutboxSender } from './mail-delivery.js';
import { createMessageLogJob, openMessageLog } from './message-log.js';
import { Metrics } from './metrics/metrics.js';
import { removeReadyFile, writeReadyFile } from './ready-file.js';
import type { RunningServer, ServeOptions } from './serve-options.js';
import { describeServer } from './server-facts.js';
import { ShutdownStack } from './shutdown-stack.js';
import { StationPorts } from './station-ports.js';
import { newSecret, newUuid, systemClock, systemUser } from './system.js';
import { watchingTags } from './tag-watch.js';
import type { HandshakeFailure } from './tls/refused-handshake.js';

/** Puts the server together, in the order in which its parts need each other, and starts it. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { dataDir, lockTimeoutMs, log, clock = systemClock, signal, readyFile } = options;
  const startedAt = clock.now();
  const stack = new ShutdownStack();
  let fail = (_error: FleetError): void => undefined;
  const failed = new Promise<FleetError>((resolve) => {
    fail = resolve;
  });
  try {
    if (options.csrCommand !== undefined) await checkCsrCommand(options.csrCommand);
    const ports = await StationPorts.prepare(options, { dataDir, clock, log });
    const { tls } = ports;
    stack.push(async () => tls?.close());
    const remoteApi = await ApiServer.prepare(options, { clock, log, shared: tls });
    stack.push(() => remoteApi.close());
    const store = await FleetStore.open({
      directory: dataDir,
      command: 'serve',
      lockTimeoutMs,
      now: () => clock.now(),
      onFailure: (error) => {
        log.error(error.message);
        fail(error);
      },
      runJob: jobsInWorker,
      compactionLimits: defaultCompactionLimits,
      onNotice: (level, message) => log[level](message),
      ...(options.storeFiles && { files: options.storeFiles }),
      ...(signal && { signal }),
    });
    stack.push(() => store.close());
    log.info('the store is open', { ...store.recovery });
    // Under the lock, so that it is not that of a server which is still running.
    if (readyFile !== undefined) await removeReadyFile(readyFile);
    const messages = await openMessageLog({ store, dataDir, clock, log });
    stack.push(() => messages.close());
    const metrics = new Metrics();
    const feed = new EventFeed();
    const rolloutChanges = new EventFeed();
    const outboxChanges = new EventFeed();
    const announcedStore = announcing(store, feed, rolloutChanges, outboxChanges);
    const authority = createPki({ dataDir, clock, newSecret });
    const signer = new CertificateSigner({ authority, clock, csrCommand: options.csrCommand });
    const certificateDesk = new CertificateDesk({ store: announcedStore, authority, signer, clock, log });
    const csms = new Csms({
      ...options,
      certificateDesk,
      store: announcedStore,
      clock,
      newId: newUuid,
      newSecret,
      log,
      observers: [metrics.frames, messages],
      connectionObserver: metrics.connections,
    });
    metrics.start({ store, live: csms.live, clock, log, version: options.version ?? 'unknown' });
    stack.push(async () => metrics.close());
    // Also when nothing ever listened: its timers would keep the process alive and find the store closed.
    stack.push(() => csms.close());
    await csms.start();
    const configuration = new ConfigurationLoop({
      store: announcedStore,
      feed,
      stations: csms.live,
      clock,
      log,
    });
    await configuration.start();
    stack.push(() => configuration.close());
    certificateDesk.start(csms.live);
    stack.push(() => certificateDesk.close());
    const stationRenewal = new StationRenewal({ store: announcedStore, live: csms.live, clock, log });
    const revokedFile = pkiPaths(dataDir).revoked;
    const diagnosticsFiles = filesIn(diagnosticsDirectory(dataDir));
    await endDiagnosticsOfBefore(store, clock);
    for (const job of [
      createCompactionLimitsJob({ store, clock, log }),
      createRetentionJob({ store, clock, log }),
      createBackupJob({ store, admin: store, dataDir, clock, log }),
      createMessageLogJob({ store, messages, clock, log }),
      createOutboxRetentionJob({ store, clock, log }),
      createOutageRetentionJob({ store, clock, log }),
      createReservationJob({ store: announcedStore, clock, log }),
      createCertificateJob({ store, authority, stations: stationRenewal, clock, log, revokedFile }),
      createDiagnosticsRetentionJob({ store, files: diagnosticsFiles, clock, log }),
    ]) {
      job.start();
      stack.push(() => job.close());
    }
    const sender = createOutboxSender({ store, clock, log, changes: outboxChanges });
    stack.push(() => sender.close());
    sender.start();
    const files = new FileServers({ ...options, tls, clock, log: csms.log });
    stack.push(() => files.close());
    await files.listen();
    const { live } = csms;
    const exchange = await files.open({
      store: announcedStore,
      dataDir,
      hostOf: (station) => {
        const [host, shown] = [live.hostOf(station), live.shownSecurity(station)];
        return host === undefined || !shown ? undefined : { host, isEncrypted: shown.isEncrypted };
      },
      changed: (station) => live.changed(station),
    });
    const firmwareFiles = createFirmwareFiles({ dataDir, clock, newId: newUuid });
    const localLists = new LocalListKeeper({ store: announcedStore, live, clock, log });
    localLists.start();
    stack.push(() => localLists.close());
    const controlSocket = path.join(dataDir, 'control.sock');
    const runner = new OperationRunner(operations, {
      store: watchingTags(announcedStore, () => localLists.changed()),
      admin: store,
      messages,
      clock,
      newId: newUuid,
      newSecret,
      live,
      feed,
      exchange,
      firmware: { files: firmwareFiles, changes: rolloutChanges },
      diagnosticsFiles,
      certificates: { authority },
      mail: createMailProbe(),
      server: () => {
        const { url, tlsUrl } = ports;
        const { certificates = [] } = tls ?? {};
        const listening = { url, tlsUrl, certificates, ports: files, apiUrl: remoteApi.url };
        return describeServer({ ...options, ...listening, startedAt });
      },
    });
    const api = createControlApi({ runner, caller: systemCaller(systemUser(), 'socket'), log, metrics });
    stack.push(() => api.close());
    stack.push(() => remoteApi.close());
    // Exports would find the store closed.
    stack.push(() => runner.stop('stream'));
    await listenOnSocket(api, controlSocket);
    await remoteApi.listen({
      runner,
      findCaller: (key, at) => callerOfKey(announcedStore, key, at),
      logIn: (input, from) => logIn({ store: announcedStore, clock, newSecret }, input, from),
      log: csms.log,
      metrics,
    });
    // After the last frame, while there is still a way to those who read along.
    stack.push(async () => {
      messages.endFollowing();
      feed.end();
    });

    stack.push(() => ports.close(() => csms.close()));
    const onHandshakeFailure = (reason: HandshakeFailure) => metrics.connections.handshakeFailed(reason);
    await ports.listen(csms, { files: files.http, log, onHandshakeFailure });
    files.stationPort = ports.plainPort;
    files.tlsPort = ports.tlsPort;
    const rollouts = new FirmwareRollouts({
      store: announcedStore,
      live,
      clock,
      log,
      exchange,
      files: firmwareFiles,
      changes: rolloutChanges,
    });
    stack.push(() => rollouts.close());
    await rollouts.start();
    // Closed before stations are said goodbye to: that they go is not their doing.
    const watcher = createWatcher({ store: announcedStore, feed, clock, newId: newUuid, log });
    stack.push(() => watcher.close());
    await watcher.start();
    // Whoever waits for a station is told why, instead of that the station has gone.
    stack.push(() => runner.stop('unary'));
    const { url, tlsUrl } = ports;
    const { url: apiUrl } = remoteApi;
    const stations = (await store.read((r) => r.stations.listIds())).length;
    const said = { recovery: store.recovery, filePorts: files.ports, stations };
    const ready = { url, tlsUrl, controlSocket, apiUrl, ...said };
    await options.onReady?.(ready);
    if (readyFile !== undefined) {
      stack.push(() => removeReadyFile(readyFile));
      await writeReadyFile(readyFile, { pid: process.pid, url, tlsUrl, controlSocket, apiUrl });
    }
    const reload = async () => {
      await tls?.reload();
      await remoteApi.reload();
    };
    return { ...ready, failed, reload, close: () => stack.unwind() };
  } catch (error) {
    await stack.unwind();
    throw error;
  }
}

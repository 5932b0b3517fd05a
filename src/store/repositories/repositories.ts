import type { Repositories } from '../../domain/repositories.js';
import type { Executor } from '../queries.js';
import type { SettingCipher } from '../setting-vault.js';
import { createAlarmRuleRepository } from './alarm-rules.js';
import { createAlarmRepository } from './alarms.js';
import { createApiKeyRepository } from './api-keys.js';
import { createAuditRepository } from './audit.js';
import { createBreachRepository } from './breaches.js';
import { createCertificateRepository } from './certificates.js';
import { createChargingProfileRepository } from './charging-profiles.js';
import { createConfigurationRepository } from './configurations.js';
import { createConnectionRepository } from './connections.js';
import { createConnectorRepository } from './connectors.js';
import { createDiagnosticsRepository } from './diagnostics.js';
import { createEventRepository } from './events.js';
import { createFaultRepository } from './faults.js';
import { createFirmwareImageRepository } from './firmware-images.js';
import { createFirmwareRolloutRepository } from './firmware-rollouts.js';
import { createFloorRepository } from './floors.js';
import { createGroupRepository } from './groups.js';
import { createLocalListRepository } from './local-lists.js';
import { createMaintenanceRepository } from './maintenance-windows.js';
import { createNameRepository } from './names.js';
import { createNoticeRepository, createWatchStateRepository } from './notices.js';
import { createOutageRepository } from './outages.js';
import { createOutboxRepository } from './outbox.js';
import { createRemoteStartRepository } from './remote-starts.js';
import { createReservationRepository } from './reservations.js';
import { createRetentionRepository } from './retention.js';
import { createSampleRepository } from './samples.js';
import { createSessionRepository } from './sessions.js';
import { createSettingRepository } from './settings.js';
import { createSigningRequestRepository } from './signing-requests.js';
import { createSiteRepository } from './sites.js';
import { createStationRepository } from './stations.js';
import { createTagImportRepository } from './tag-imports.js';
import { createTagRepository } from './tags.js';
import { createUnknownStationRepository } from './unknown-stations.js';
import { createUserRepository } from './users.js';

/**
 * All repositories over one executor, each made when it is first asked for: there is a set for every transaction, and
 * one uses two or three of them.
 */
export function createRepositories(executor: Executor, cipher: SettingCipher): Repositories {
  return new LazyRepositories(executor, cipher);
}

class LazyRepositories implements Repositories {
  readonly #executor: Executor;
  readonly #cipher: SettingCipher;
  #sites: Repositories['sites'] | undefined;
  #floors: Repositories['floors'] | undefined;
  #stations: Repositories['stations'] | undefined;
  #connectors: Repositories['connectors'] | undefined;
  #groups: Repositories['groups'] | undefined;
  #users: Repositories['users'] | undefined;
  #tags: Repositories['tags'] | undefined;
  #tagImports: Repositories['tagImports'] | undefined;
  #apiKeys: Repositories['apiKeys'] | undefined;
  #audit: Repositories['audit'] | undefined;
  #sessions: Repositories['sessions'] | undefined;
  #samples: Repositories['samples'] | undefined;
  #remoteStarts: Repositories['remoteStarts'] | undefined;
  #unknownStations: Repositories['unknownStations'] | undefined;
  #breaches: Repositories['breaches'] | undefined;
  #connections: Repositories['connections'] | undefined;
  #faults: Repositories['faults'] | undefined;
  #events: Repositories['events'] | undefined;
  #settings: Repositories['settings'] | undefined;
  #retention: Repositories['retention'] | undefined;
  #configurations: Repositories['configurations'] | undefined;
  #localLists: Repositories['localLists'] | undefined;
  #reservations: Repositories['reservations'] | undefined;
  #chargingProfiles: Repositories['chargingProfiles'] | undefined;
  #diagnostics: Repositories['diagnostics'] | undefined;
  #firmwareImages: Repositories['firmwareImages'] | undefined;
  #firmwareRollouts: Repositories['firmwareRollouts'] | undefined;
  #alarms: Repositories['alarms'] | undefined;
  #alarmRules: Repositories['alarmRules'] | undefined;
  #outages: Repositories['outages'] | undefined;
  #notices: Repositories['notices'] | undefined;
  #watchState: Repositories['watchState'] | undefined;
  #certificates: Repositories['certificates'] | undefined;
  #signingRequests: Repositories['signingRequests'] | undefined;
  #maintenance: Repositories['maintenance'] | undefined;
  #outbox: Repositories['outbox'] | undefined;
  #names: Repositories['names'] | undefined;

  constructor(executor: Executor, cipher: SettingCipher) {
    this.#executor = executor;
    this.#cipher = cipher;
  }

  get sites() {
    this.#sites ??= createSiteRepository(this.#executor);
    return this.#sites;
  }

  get floors() {
    this.#floors ??= createFloorRepository(this.#executor);
    return this.#floors;
  }

  get stations() {
    this.#stations ??= createStationRepository(this.#executor);
    return this.#stations;
  }

  get connectors() {
    this.#connectors ??= createConnectorRepository(this.#executor);
    return this.#connectors;
  }

  get groups() {
    this.#groups ??= createGroupRepository(this.#executor);
    return this.#groups;
  }

  get users() {
    this.#users ??= createUserRepository(this.#executor);
    return this.#users;
  }

  get apiKeys() {
    this.#apiKeys ??= createApiKeyRepository(this.#executor);
    return this.#apiKeys;
  }

  get audit() {
    this.#audit ??= createAuditRepository(this.#executor);
    return this.#audit;
  }

  get tags() {
    this.#tags ??= createTagRepository(this.#executor);
    return this.#tags;
  }

  get tagImports() {
    this.#tagImports ??= createTagImportRepository(this.#executor);
    return this.#tagImports;
  }

  get sessions() {
    this.#sessions ??= createSessionRepository(this.#executor);
    return this.#sessions;
  }

  get samples() {
    this.#samples ??= createSampleRepository(this.#executor);
    return this.#samples;
  }

  get remoteStarts() {
    this.#remoteStarts ??= createRemoteStartRepository(this.#executor);
    return this.#remoteStarts;
  }

  get unknownStations() {
    this.#unknownStations ??= createUnknownStationRepository(this.#executor);
    return this.#unknownStations;
  }

  get breaches() {
    this.#breaches ??= createBreachRepository(this.#executor);
    return this.#breaches;
  }

  get connections() {
    this.#connections ??= createConnectionRepository(this.#executor);
    return this.#connections;
  }

  get faults() {
    this.#faults ??= createFaultRepository(this.#executor);
    return this.#faults;
  }

  get events() {
    this.#events ??= createEventRepository(this.#executor);
    return this.#events;
  }

  get settings() {
    this.#settings ??= createSettingRepository(this.#executor, this.#cipher);
    return this.#settings;
  }

  get retention() {
    this.#retention ??= createRetentionRepository(this.#executor);
    return this.#retention;
  }

  get configurations() {
    this.#configurations ??= createConfigurationRepository(this.#executor);
    return this.#configurations;
  }

  get localLists() {
    this.#localLists ??= createLocalListRepository(this.#executor);
    return this.#localLists;
  }

  get reservations() {
    this.#reservations ??= createReservationRepository(this.#executor);
    return this.#reservations;
  }

  get chargingProfiles() {
    this.#chargingProfiles ??= createChargingProfileRepository(this.#executor);
    return this.#chargingProfiles;
  }

  get diagnostics() {
    this.#diagnostics ??= createDiagnosticsRepository(this.#executor);
    return this.#diagnostics;
  }

  get firmwareImages() {
    this.#firmwareImages ??= createFirmwareImageRepository(this.#executor);
    return this.#firmwareImages;
  }

  get alarms() {
    this.#alarms ??= createAlarmRepository(this.#executor);
    return this.#alarms;
  }

  get alarmRules() {
    this.#alarmRules ??= createAlarmRuleRepository(this.#executor);
    return this.#alarmRules;
  }

  get outages() {
    this.#outages ??= createOutageRepository(this.#executor);
    return this.#outages;
  }

  get notices() {
    this.#notices ??= createNoticeRepository(this.#executor);
    return this.#notices;
  }

  get watchState() {
    this.#watchState ??= createWatchStateRepository(this.#executor);
    return this.#watchState;
  }

  get maintenance() {
    this.#maintenance ??= createMaintenanceRepository(this.#executor);
    return this.#maintenance;
  }

  get firmwareRollouts() {
    this.#firmwareRollouts ??= createFirmwareRolloutRepository(this.#executor);
    return this.#firmwareRollouts;
  }

  get certificates() {
    this.#certificates ??= createCertificateRepository(this.#executor);
    return this.#certificates;
  }

  get signingRequests() {
    this.#signingRequests ??= createSigningRequestRepository(this.#executor);
    return this.#signingRequests;
  }

  get outbox() {
    this.#outbox ??= createOutboxRepository(this.#executor);
    return this.#outbox;
  }
  get names() {
    this.#names ??= createNameRepository(this.#executor);
    return this.#names;
  }
}

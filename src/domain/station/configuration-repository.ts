import type { ConfigurationTemplate, StationConfiguration, TemplateMatch } from './configuration.js';

export interface ConfigurationRepository {
  find(stationUuid: string): Promise<StationConfiguration | undefined>;
  /** In the place of what was known of the station. */
  put(configuration: StationConfiguration): Promise<void>;
  /** Stations that are to be tried again by `now`, the longest due first. */
  listDue(now: number, limit: number): Promise<{ stationUuid: string; stationId: string }[]>;
  deleteByStation(stationUuid: string): Promise<void>;
  /** By their names; what they are is in domain/station/configuration.ts. */
  listTemplates(): Promise<ConfigurationTemplate[]>;
  /** In the place of the template with the same match. */
  putTemplate(template: ConfigurationTemplate, updatedAt: number): Promise<void>;
  removeTemplate(match: TemplateMatch): Promise<void>;
}

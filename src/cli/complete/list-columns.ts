interface Listed {
  readonly columns: object;
}

/** How the lists of commands look: `--columns`, `--sort` and `--filter` take the names of their columns. */
export const listViews: Readonly<Record<string, () => Promise<Listed>>> = {
  'alarm:history': async () => (await import('../../views/alarm.js')).alarmHistory,
  'alarm:list': async () => (await import('../../views/alarm.js')).alarmList,
  'alarm:outbox:list': async () => (await import('../../views/outbox.js')).outboxList,
  'alarm:rule:list': async () => (await import('../../views/alarm-rule.js')).alarmRuleList,
  'api-key:list': async () => (await import('../../views/api-key.js')).apiKeyList,
  'audit:list': async () => (await import('../../views/audit.js')).auditList,
  'certificate:installed': async () => (await import('../../views/certificate.js')).installedList,
  'certificate:list': async () => (await import('../../views/certificate.js')).certificateList,
  'config:get': async () => (await import('../../views/config.js')).keyList,
  'config:status': async () => (await import('../../views/config.js')).desiredList,
  'connection:list': async () => (await import('../../views/connection.js')).connectionList,
  'connector:list': async () => (await import('../../views/connector.js')).connectorList,
  'diagnostics:list': async () => (await import('../../views/diagnostics.js')).diagnosticsList,
  'event:list': async () => (await import('../../views/event.js')).eventList,
  'fault:list': async () => (await import('../../views/fault.js')).faultList,
  'firmware:list': async () => (await import('../../views/firmware.js')).firmwareImageList,
  'firmware:status': async () => (await import('../../views/firmware.js')).firmwareRolloutList,
  'floor:list': async () => (await import('../../views/floor.js')).floorList,
  'group:list': async () => (await import('../../views/group.js')).groupList,
  'maintenance:list': async () => (await import('../../views/maintenance.js')).maintenanceList,
  'message:list': async () => (await import('../../views/message.js')).messageList,
  'profile:list': async () => (await import('../../views/profile.js')).profileList,
  'reservation:list': async () => (await import('../../views/reservation.js')).reservationList,
  'session:list': async () => (await import('../../views/session.js')).sessionList,
  'session:samples': async () => (await import('../../views/session.js')).sampleList,
  'settings:show': async () => (await import('../../views/settings.js')).settingList,
  'site:list': async () => (await import('../../views/site.js')).siteList,
  'station:list': async () => (await import('../../views/station.js')).stationList,
  'tag:list': async () => (await import('../../views/tag.js')).tagList,
  'tag:unknown': async () => (await import('../../views/tag.js')).unknownTagList,
  'user:list': async () => (await import('../../views/user.js')).userList,
};

export async function columnsOf(commandId: string): Promise<readonly string[]> {
  const view = await listViews[commandId]?.();
  return view ? Object.keys(view.columns) : [];
}

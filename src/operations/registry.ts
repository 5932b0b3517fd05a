import { alarmOperations } from './alarm.js';
import { alarmHandlingOperations } from './alarm-handling.js';
import { alarmRuleOperations } from './alarm-rule.js';
import { alarmRuleTestOperations } from './alarm-rule-test.js';
import { apiKeyOperations } from './api-key.js';
import { auditOperations } from './audit.js';
import { authOperations } from './auth.js';
import { certificateOperations } from './certificate.js';
import { certificateIssueOperations } from './certificate-issue.js';
import { certificateStationOperations } from './certificate-station.js';
import { checkupOperations } from './checkup.js';
import { configOperations } from './config.js';
import { configTemplateOperations } from './config-template.js';
import { connectionOperations } from './connection.js';
import { connectorOperations } from './connector.js';
import { diagnosticsOperations } from './diagnostics.js';
import { eventOperations } from './event.js';
import { faultOperations } from './fault.js';
import { firmwareOperations } from './firmware.js';
import { firmwareUpdateOperations } from './firmware-update.js';
import { floorOperations } from './floor.js';
import { groupOperations } from './group.js';
import { localListOperations } from './local-list.js';
import { mailOperations } from './mail.js';
import { maintenanceOperations } from './maintenance.js';
import { messageOperations } from './message.js';
import { outboxOperations } from './outbox.js';
import { profileOperations } from './profile.js';
import { profileScheduleOperations } from './profile-schedule.js';
import { remoteAvailabilityOperations } from './remote-availability.js';
import { remoteCallOperations } from './remote-call.js';
import { remoteControlOperations } from './remote-control.js';
import { remoteResetOperations } from './remote-reset.js';
import { remoteStartOperations } from './remote-start.js';
import { remoteStopOperations } from './remote-stop.js';
import { remoteTriggerOperations } from './remote-trigger.js';
import { reservationOperations } from './reservation.js';
import { selectorOperations } from './selector.js';
import { serverOperations } from './server.js';
import { sessionOperations } from './session.js';
import { sessionCloseOperations } from './session-close.js';
import { settingsOperations } from './settings.js';
import { siteOperations } from './site.js';
import { stationOperations } from './station.js';
import { stationOnboardingOperations } from './station-onboarding.js';
import { stationRotateKeyOperations } from './station-rotate-key.js';
import { statusOperations } from './status.js';
import { storeOperations } from './store.js';
import { tagOperations } from './tag.js';
import { tagImportOperations } from './tag-import.js';
import { tagTestOperations } from './tag-test.js';
import { userOperations } from './user.js';

/** Every operation by name. The one place where the operations of a new noun are added. */
export const operations = {
  ...siteOperations,
  ...floorOperations,
  ...stationOperations,
  ...stationOnboardingOperations,
  ...stationRotateKeyOperations,
  ...selectorOperations,
  ...connectorOperations,
  ...groupOperations,
  ...tagOperations,
  ...tagImportOperations,
  ...tagTestOperations,
  ...userOperations,
  ...apiKeyOperations,
  ...authOperations,
  ...sessionOperations,
  ...sessionCloseOperations,
  ...remoteStartOperations,
  ...remoteStopOperations,
  ...remoteCallOperations,
  ...remoteResetOperations,
  ...remoteAvailabilityOperations,
  ...remoteTriggerOperations,
  ...remoteControlOperations,
  ...profileOperations,
  ...profileScheduleOperations,
  ...configOperations,
  ...configTemplateOperations,
  ...localListOperations,
  ...reservationOperations,
  ...firmwareOperations,
  ...firmwareUpdateOperations,
  ...messageOperations,
  ...connectionOperations,
  ...faultOperations,
  ...eventOperations,
  ...alarmOperations,
  ...alarmHandlingOperations,
  ...auditOperations,
  ...diagnosticsOperations,
  ...certificateOperations,
  ...certificateIssueOperations,
  ...certificateStationOperations,
  ...statusOperations,
  ...checkupOperations,
  ...serverOperations,
  ...settingsOperations,
  ...mailOperations,
  ...outboxOperations,
  ...alarmRuleOperations,
  ...alarmRuleTestOperations,
  ...maintenanceOperations,
  ...storeOperations,
};

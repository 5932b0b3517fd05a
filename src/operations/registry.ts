import { alarmOperations } from './alarm/alarm.js';
import { alarmHandlingOperations } from './alarm/alarm-handling.js';
import { alarmRuleOperations } from './alarm/alarm-rule.js';
import { alarmRuleTestOperations } from './alarm/alarm-rule-test.js';
import { mailOperations } from './alarm/mail.js';
import { maintenanceOperations } from './alarm/maintenance.js';
import { outboxOperations } from './alarm/outbox.js';
import { certificateOperations } from './certificate/certificate.js';
import { certificateIssueOperations } from './certificate/certificate-issue.js';
import { certificateStationOperations } from './certificate/certificate-station.js';
import { localListOperations } from './charging/local-list.js';
import { profileOperations } from './charging/profile.js';
import { profileScheduleOperations } from './charging/profile-schedule.js';
import { reservationOperations } from './charging/reservation.js';
import { sessionOperations } from './charging/session.js';
import { sessionCloseOperations } from './charging/session-close.js';
import { siteImportOperations } from './import/site-import.js';
import { stationImportOperations } from './import/station-import.js';
import { tagImportOperations } from './import/tag-import.js';
import { nameOperations } from './name.js';
import { apiKeyOperations } from './people/api-key.js';
import { authOperations } from './people/auth.js';
import { tagOperations } from './people/tag.js';
import { tagTestOperations } from './people/tag-test.js';
import { userOperations } from './people/user.js';
import { auditOperations } from './record/audit.js';
import { connectionOperations } from './record/connection.js';
import { eventOperations } from './record/event.js';
import { faultOperations } from './record/fault.js';
import { messageOperations } from './record/message.js';
import { remoteAvailabilityOperations } from './remote/remote-availability.js';
import { remoteCallOperations } from './remote/remote-call.js';
import { remoteControlOperations } from './remote/remote-control.js';
import { remoteResetOperations } from './remote/remote-reset.js';
import { remoteStartOperations } from './remote/remote-start.js';
import { remoteStopOperations } from './remote/remote-stop.js';
import { remoteTriggerOperations } from './remote/remote-trigger.js';
import { selectorOperations } from './selector.js';
import { configOperations } from './station/config.js';
import { configTemplateOperations } from './station/config-template.js';
import { diagnosticsOperations } from './station/diagnostics.js';
import { firmwareOperations } from './station/firmware.js';
import { firmwareUpdateOperations } from './station/firmware-update.js';
import { checkupOperations } from './system/checkup.js';
import { serverOperations } from './system/server.js';
import { settingsOperations } from './system/settings.js';
import { storeOperations } from './system/store.js';
import { connectorOperations } from './topology/connector.js';
import { floorOperations } from './topology/floor.js';
import { groupOperations } from './topology/group.js';
import { siteOperations } from './topology/site.js';
import { stationOperations } from './topology/station.js';
import { stationOnboardingOperations } from './topology/station-onboarding.js';
import { stationRotateKeyOperations } from './topology/station-rotate-key.js';
import { statusOperations } from './topology/status.js';

/** Every operation by name. The one place where the operations of a new noun are added. */
export const operations = {
  ...siteOperations,
  ...siteImportOperations,
  ...floorOperations,
  ...stationOperations,
  ...stationImportOperations,
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
  ...nameOperations,
};

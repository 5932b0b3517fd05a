import { alarmOperations } from './alarm.js';
import { alarmHandlingOperations } from './alarm-handling.js';
import { alarmRuleOperations } from './alarm-rule.js';
import { alarmRuleTestOperations } from './alarm-rule-test.js';
import { mailOperations } from './mail.js';
import { maintenanceOperations } from './maintenance.js';
import { outboxOperations } from './outbox.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const alarmArea = {
  ...alarmOperations,
  ...alarmHandlingOperations,
  ...mailOperations,
  ...outboxOperations,
  ...alarmRuleOperations,
  ...alarmRuleTestOperations,
  ...maintenanceOperations,
};

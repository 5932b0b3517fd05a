import type { NotificationTexts } from './notification-texts.js';

export const english: NotificationTexts = {
  language: 'en',
  colon: ': ',
  labels: {
    station: 'Station',
    site: 'Site',
    connector: 'Connector',
    since: 'Since',
    until: 'Until',
    outage: 'Offline for',
    time: 'Time',
    user: 'User',
    tag: 'Tag',
    energy: 'Energy',
    duration: 'Duration',
    alarm: 'Alarm',
    reported: 'Reported',
    rule: 'Rule',
  },
  conditions: {
    'not-registered': 'Never connected',
    'connection-lost': 'Connection lost',
    'hardware-fault': 'Hardware fault',
    'configuration-fault': 'Configuration fault',
    'over-current': 'Fuse or over-current',
    voltage: 'Voltage out of range',
    'high-temperature': 'Temperature too high',
    'connector-lock-failure': 'Connector lock failure',
    'power-switch-failure': 'Power switch failure',
    'power-meter-failure': 'Power meter failure',
    'ground-failure': 'Ground failure',
    'reader-failure': 'Card reader failure',
    'weak-signal': 'Weak signal',
    'vehicle-communication': 'Communication with the vehicle failed',
    'firmware-failed': 'Firmware update failed',
    security: 'Security event',
    'suspect-session': 'Doubtful charging session',
  },
  messages: {
    'station-offline': {
      subject: ({ stepMs }, about, { duration }) => `Offline for ${duration(stepMs)}: ${about}`,
      lead: ({ since, stepMs }, about, { duration, instant }) =>
        `${about} has been offline for more than ${duration(stepMs)}. The last contact was on ${instant(since)}.`,
    },
    'station-back': {
      subject: (_, about) => `Back online: ${about}`,
      lead: ({ durationMs }, about, { duration }) =>
        `${about} is online again, after ${duration(durationMs)}.`,
    },
    'stations-offline': {
      subject: ({ total }, _, { count }) => `${count(total)} stations are offline`,
      lead: ({ total, since, stepMs }, _, { count, duration, instant }) =>
        `${count(total)} stations lost their connection at about the same time, around ${instant(since)}, and have been offline for more than ${duration(stepMs)}. Something that they share may have failed: a router, the power, the provider.`,
    },
    'stations-back': {
      subject: ({ total }, _, { count }) => `${count(total)} stations are back online`,
      lead: ({ total, since }, _, { count, instant }) =>
        `${count(total)} stations are online again that lost their connection together, around ${instant(since)}.`,
    },
    'charging-started': {
      subject: ({ connector }, about) => `Charging started: ${about}, connector ${connector}`,
      lead: ({ connector }, about) => `A car is charging at connector ${connector} of ${about}.`,
    },
    'charging-stopped': {
      subject: ({ connector }, about) => `Charging ended: ${about}, connector ${connector}`,
      lead: ({ connector }, about) => `Charging at connector ${connector} of ${about} has ended.`,
    },
    'alarm-opened': {
      subject: ({ alarm }, about) => `Alarm: ${english.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `There is an alarm at ${about}: ${english.conditions[alarm]}.`,
    },
    'alarm-cleared': {
      subject: ({ alarm }, about) => `Cleared: ${english.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `The alarm at ${about} is over: ${english.conditions[alarm]}.`,
    },
    'alarms-opened': {
      subject: ({ alarm, total }, _, { count }) => `${count(total)} alarms: ${english.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `There are ${count(total)} alarms that came at about the same time: ${english.conditions[alarm]}.`,
    },
    'alarms-cleared': {
      subject: ({ alarm, total }, _, { count }) =>
        `${count(total)} alarms cleared: ${english.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `${count(total)} alarms are over: ${english.conditions[alarm]}.`,
    },
    digest: {
      subject: ({ total }, _, { count }) =>
        total === 1 ? 'Daily report: 1 active alarm' : `Daily report: ${count(total)} active alarms`,
      lead: ({ total }, _, { count }) =>
        total === 1 ? 'One alarm is active.' : `${count(total)} alarms are active.`,
    },
    test: {
      subject: () => 'Test message from evfleet',
      lead: () => 'This is a test. Alarms will reach you at this address.',
    },
  },
  at: (about, connector) => `${about}, connector ${connector}`,
  more: (count, formats) => `and ${formats.count(count)} more`,
  footer: 'You get this message because an alarm rule of evfleet names your address.',
  digestFooter: 'You get this message because the daily report is switched on for your user in evfleet.',
};

import type { NotificationTexts } from './notification-texts.js';

export const swedish: NotificationTexts = {
  language: 'sv',
  colon: ': ',
  labels: {
    station: 'Laddstation',
    site: 'Anläggning',
    connector: 'Uttag',
    since: 'Sedan',
    until: 'Till',
    outage: 'Offline i',
    time: 'Tidpunkt',
    user: 'Användare',
    tag: 'Tagg',
    energy: 'Energi',
    duration: 'Varaktighet',
    alarm: 'Larm',
    reported: 'Rapporterat',
    rule: 'Regel',
  },
  conditions: {
    'not-registered': 'Har aldrig anslutit',
    'connection-lost': 'Anslutningen förlorad',
    'hardware-fault': 'Hårdvarufel',
    'configuration-fault': 'Konfigurationsfel',
    'over-current': 'Säkring eller överström',
    voltage: 'Spänning utanför gränserna',
    'high-temperature': 'För hög temperatur',
    'connector-lock-failure': 'Fel på kontaktlåset',
    'power-switch-failure': 'Fel på effektbrytaren',
    'power-meter-failure': 'Fel på elmätaren',
    'ground-failure': 'Jordfel',
    'reader-failure': 'Fel på kortläsaren',
    'weak-signal': 'Svag signal',
    'vehicle-communication': 'Kommunikationen med bilen misslyckades',
    'firmware-failed': 'Uppdateringen av firmware misslyckades',
    security: 'Säkerhetshändelse',
    'suspect-session': 'Tveksam laddning',
  },
  messages: {
    'station-offline': {
      subject: ({ stepMs }, about, { duration }) => `Offline i ${duration(stepMs)}: ${about}`,
      lead: ({ since, stepMs }, about, { duration, instant }) =>
        `${about} har varit offline i mer än ${duration(stepMs)}. Senaste kontakt: ${instant(since)}.`,
    },
    'station-back': {
      subject: (_, about) => `Online igen: ${about}`,
      lead: ({ durationMs }, about, { duration }) =>
        `${about} är online igen. Avbrottet varade i ${duration(durationMs)}.`,
    },
    'stations-offline': {
      subject: ({ total }, _, { count }) => `${count(total)} laddstationer är offline`,
      lead: ({ total, since, stepMs }, _, { count, duration, instant }) =>
        `${count(total)} laddstationer tappade anslutningen ungefär samtidigt (${instant(since)}) och har varit offline i mer än ${duration(stepMs)}. Något som de delar kan ha slutat fungera: en router, strömmen, operatören.`,
    },
    'stations-back': {
      subject: ({ total }, _, { count }) => `${count(total)} laddstationer är online igen`,
      lead: ({ total, since }, _, { count, instant }) =>
        `${count(total)} laddstationer som tappade anslutningen samtidigt (${instant(since)}) är online igen.`,
    },
    'charging-started': {
      subject: ({ connector }, about) => `Laddning påbörjad: ${about}, uttag ${connector}`,
      lead: ({ connector }, about) => `En bil laddar vid uttag ${connector} på ${about}.`,
    },
    'charging-stopped': {
      subject: ({ connector }, about) => `Laddning avslutad: ${about}, uttag ${connector}`,
      lead: ({ connector }, about) => `Laddningen vid uttag ${connector} på ${about} är avslutad.`,
    },
    'alarm-opened': {
      subject: ({ alarm }, about) => `Larm: ${swedish.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `Det finns ett larm vid ${about}: ${swedish.conditions[alarm]}.`,
    },
    'alarm-cleared': {
      subject: ({ alarm }, about) => `Åtgärdat: ${swedish.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `Larmet vid ${about} är inte längre aktivt: ${swedish.conditions[alarm]}.`,
    },
    'alarms-opened': {
      subject: ({ alarm, total }, _, { count }) => `${count(total)} larm: ${swedish.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `Det finns ${count(total)} larm som kom ungefär samtidigt: ${swedish.conditions[alarm]}.`,
    },
    'alarms-cleared': {
      subject: ({ alarm, total }, _, { count }) =>
        `${count(total)} larm åtgärdade: ${swedish.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `${count(total)} larm är inte längre aktiva: ${swedish.conditions[alarm]}.`,
    },
    digest: {
      subject: ({ total }, _, { count }) =>
        total === 1 ? 'Daglig rapport: 1 aktivt larm' : `Daglig rapport: ${count(total)} aktiva larm`,
      lead: ({ total }, _, { count }) =>
        total === 1 ? 'Ett larm är aktivt.' : `${count(total)} larm är aktiva.`,
    },
    test: {
      subject: () => 'Testmeddelande från evfleet',
      lead: () => 'Det här är ett test. Larm når dig på den här adressen.',
    },
  },
  at: (about, connector) => `${about}, uttag ${connector}`,
  more: (count, formats) => `och ${formats.count(count)} till`,
  footer: 'Du får det här meddelandet eftersom en larmregel i evfleet anger din adress.',
  digestFooter:
    'Du får det här meddelandet eftersom den dagliga rapporten är vald för din användare i evfleet.',
};

import type { NotificationTexts } from './notification-texts.js';

export const german: NotificationTexts = {
  language: 'de',
  colon: ': ',
  labels: {
    station: 'Ladestation',
    site: 'Standort',
    connector: 'Ladepunkt',
    since: 'Seit',
    until: 'Bis',
    outage: 'Offline für',
    time: 'Zeitpunkt',
    user: 'Person',
    tag: 'Karte',
    energy: 'Energie',
    duration: 'Dauer',
    alarm: 'Alarm',
    reported: 'Gemeldet',
    rule: 'Regel',
  },
  conditions: {
    'not-registered': 'Noch nie verbunden',
    'connection-lost': 'Verbindung verloren',
    'hardware-fault': 'Hardwarefehler',
    'configuration-fault': 'Konfigurationsfehler',
    'over-current': 'Sicherung oder Überstrom',
    voltage: 'Spannung außerhalb des Bereichs',
    'high-temperature': 'Temperatur zu hoch',
    'connector-lock-failure': 'Fehler der Steckerverriegelung',
    'power-switch-failure': 'Fehler des Leistungsschalters',
    'power-meter-failure': 'Fehler des Stromzählers',
    'ground-failure': 'Erdungsfehler',
    'reader-failure': 'Fehler des Kartenlesers',
    'weak-signal': 'Schwaches Funksignal',
    'vehicle-communication': 'Kommunikation mit dem Fahrzeug gestört',
    'firmware-failed': 'Firmware-Update fehlgeschlagen',
    security: 'Sicherheitsereignis',
    'suspect-session': 'Zweifelhafter Ladevorgang',
  },
  messages: {
    'station-offline': {
      subject: ({ stepMs }, about, { duration }) => `Seit ${duration(stepMs)} offline: ${about}`,
      lead: ({ since, stepMs }, about, { duration, instant }) =>
        `${about} ist seit mehr als ${duration(stepMs)} offline. Letzter Kontakt: ${instant(since)}.`,
    },
    'station-back': {
      subject: (_, about) => `Wieder online: ${about}`,
      lead: ({ durationMs }, about, { duration }) =>
        `${about} ist wieder online. Der Ausfall dauerte ${duration(durationMs)}.`,
    },
    'stations-offline': {
      subject: ({ total }, _, { count }) => `${count(total)} Ladestationen sind offline`,
      lead: ({ total, since, stepMs }, _, { count, duration, instant }) =>
        `${count(total)} Ladestationen haben etwa gleichzeitig die Verbindung verloren (${instant(since)}) und sind seit mehr als ${duration(stepMs)} offline. Vielleicht ist etwas ausgefallen, das sie gemeinsam nutzen: ein Router, der Strom, der Anbieter.`,
    },
    'stations-back': {
      subject: ({ total }, _, { count }) => `${count(total)} Ladestationen sind wieder online`,
      lead: ({ total, since }, _, { count, instant }) =>
        `${count(total)} Ladestationen, die gemeinsam die Verbindung verloren hatten (${instant(since)}), sind wieder online.`,
    },
    'charging-started': {
      subject: ({ connector }, about) => `Ladevorgang begonnen: ${about}, Ladepunkt ${connector}`,
      lead: ({ connector }, about) => `An Ladepunkt ${connector} von ${about} lädt ein Fahrzeug.`,
    },
    'charging-stopped': {
      subject: ({ connector }, about) => `Ladevorgang beendet: ${about}, Ladepunkt ${connector}`,
      lead: ({ connector }, about) => `Der Ladevorgang an Ladepunkt ${connector} von ${about} ist beendet.`,
    },
    'alarm-opened': {
      subject: ({ alarm }, about) => `Alarm: ${german.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `Es gibt einen Alarm bei ${about}: ${german.conditions[alarm]}.`,
    },
    'alarm-cleared': {
      subject: ({ alarm }, about) => `Behoben: ${german.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `Der Alarm bei ${about} besteht nicht mehr: ${german.conditions[alarm]}.`,
    },
    'alarms-opened': {
      subject: ({ alarm, total }, _, { count }) => `${count(total)} Alarme: ${german.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `Es gibt ${count(total)} Alarme, die etwa gleichzeitig gekommen sind: ${german.conditions[alarm]}.`,
    },
    'alarms-cleared': {
      subject: ({ alarm, total }, _, { count }) =>
        `${count(total)} Alarme behoben: ${german.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `${count(total)} Alarme bestehen nicht mehr: ${german.conditions[alarm]}.`,
    },
    digest: {
      subject: ({ total }, _, { count }) =>
        total === 1 ? 'Tagesbericht: 1 aktiver Alarm' : `Tagesbericht: ${count(total)} aktive Alarme`,
      lead: ({ total }, _, { count }) =>
        total === 1 ? 'Ein Alarm ist aktiv.' : `${count(total)} Alarme sind aktiv.`,
    },
    test: {
      subject: () => 'Testnachricht von evfleet',
      lead: () => 'Dies ist ein Test. Alarme erreichen Sie unter dieser Adresse.',
    },
  },
  at: (about, connector) => `${about}, Ladepunkt ${connector}`,
  more: (count, formats) => `und ${formats.count(count)} weitere`,
  footer: 'Sie erhalten diese Nachricht, weil eine Alarmregel von evfleet Ihre Adresse nennt.',
  digestFooter:
    'Sie erhalten diese Nachricht, weil für Ihren Benutzer in evfleet der Tagesbericht eingestellt ist.',
};

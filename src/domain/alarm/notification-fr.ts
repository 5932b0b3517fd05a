import type { NotificationTexts } from './notification-texts.js';

export const french: NotificationTexts = {
  language: 'fr',
  colon: ' : ',
  labels: {
    station: 'Borne',
    site: 'Site',
    connector: 'Point de charge',
    since: 'Depuis',
    until: 'Jusqu’à',
    outage: 'Hors ligne pendant',
    time: 'Date et heure',
    user: 'Utilisateur',
    tag: 'Badge',
    energy: 'Énergie',
    duration: 'Durée',
    alarm: 'Alarme',
    reported: 'Signalé',
    rule: 'Règle',
  },
  conditions: {
    'not-registered': 'Jamais connectée',
    'connection-lost': 'Connexion perdue',
    'hardware-fault': 'Défaut matériel',
    'configuration-fault': 'Erreur de configuration',
    'over-current': 'Fusible ou surintensité',
    voltage: 'Tension hors limites',
    'high-temperature': 'Température trop élevée',
    'connector-lock-failure': 'Défaut de verrouillage du connecteur',
    'power-switch-failure': 'Défaut du contacteur de puissance',
    'power-meter-failure': 'Défaut du compteur électrique',
    'ground-failure': 'Défaut de mise à la terre',
    'reader-failure': 'Défaut du lecteur de badges',
    'weak-signal': 'Signal faible',
    'vehicle-communication': 'Échec de la communication avec le véhicule',
    'firmware-failed': 'Échec de la mise à jour du micrologiciel',
    security: 'Événement de sécurité',
    'suspect-session': 'Session de charge douteuse',
  },
  messages: {
    'station-offline': {
      subject: ({ stepMs }, about, { duration }) => `Hors ligne depuis ${duration(stepMs)} : ${about}`,
      lead: ({ since, stepMs }, about, { duration, instant }) =>
        `${about} est hors ligne depuis plus de ${duration(stepMs)}. Dernier contact : ${instant(since)}.`,
    },
    'station-back': {
      subject: (_, about) => `De nouveau en ligne : ${about}`,
      lead: ({ durationMs }, about, { duration }) =>
        `${about} est de nouveau en ligne. L’interruption a duré ${duration(durationMs)}.`,
    },
    'stations-offline': {
      subject: ({ total }, _, { count }) => `${count(total)} bornes sont hors ligne`,
      lead: ({ total, since, stepMs }, _, { count, duration, instant }) =>
        `${count(total)} bornes ont perdu leur connexion à peu près en même temps (${instant(since)}) et sont hors ligne depuis plus de ${duration(stepMs)}. Un élément commun est peut-être en panne : un routeur, l’alimentation, l’opérateur.`,
    },
    'stations-back': {
      subject: ({ total }, _, { count }) => `${count(total)} bornes sont de nouveau en ligne`,
      lead: ({ total, since }, _, { count, instant }) =>
        `${count(total)} bornes qui avaient perdu leur connexion en même temps (${instant(since)}) sont de nouveau en ligne.`,
    },
    'charging-started': {
      subject: ({ connector }, about) => `Charge commencée : ${about}, point de charge ${connector}`,
      lead: ({ connector }, about) =>
        `Un véhicule est en charge au point de charge ${connector} de ${about}.`,
    },
    'charging-stopped': {
      subject: ({ connector }, about) => `Charge terminée : ${about}, point de charge ${connector}`,
      lead: ({ connector }, about) => `La charge au point de charge ${connector} de ${about} est terminée.`,
    },
    'alarm-opened': {
      subject: ({ alarm }, about) => `Alarme : ${french.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `Une alarme est active à ${about} : ${french.conditions[alarm]}.`,
    },
    'alarm-cleared': {
      subject: ({ alarm }, about) => `Résolu : ${french.conditions[alarm]}, ${about}`,
      lead: ({ alarm }, about) => `L’alarme à ${about} n’est plus active : ${french.conditions[alarm]}.`,
    },
    'alarms-opened': {
      subject: ({ alarm, total }, _, { count }) => `${count(total)} alarmes : ${french.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `${count(total)} alarmes sont apparues à peu près en même temps : ${french.conditions[alarm]}.`,
    },
    'alarms-cleared': {
      subject: ({ alarm, total }, _, { count }) =>
        `${count(total)} alarmes résolues : ${french.conditions[alarm]}`,
      lead: ({ alarm, total }, _, { count }) =>
        `${count(total)} alarmes ne sont plus actives : ${french.conditions[alarm]}.`,
    },
    digest: {
      subject: ({ total }, _, { count }) =>
        total === 1
          ? 'Rapport quotidien : 1 alarme active'
          : `Rapport quotidien : ${count(total)} alarmes actives`,
      lead: ({ total }, _, { count }) =>
        total === 1 ? 'Une alarme est active.' : `${count(total)} alarmes sont actives.`,
    },
    test: {
      subject: () => 'Message de test d’evfleet',
      lead: () => 'Ceci est un test. Les alarmes vous parviendront à cette adresse.',
    },
  },
  at: (about, connector) => `${about}, point de charge ${connector}`,
  more: (count, formats) => `et ${formats.count(count)} autres`,
  footer: 'Vous recevez ce message parce qu’une règle d’alarme d’evfleet contient votre adresse.',
  digestFooter:
    'Vous recevez ce message parce que le rapport quotidien est activé pour votre utilisateur dans evfleet.',
};

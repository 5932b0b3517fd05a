/** Operations that no command of that name runs. */
const single: Readonly<Record<string, string>> = {
  'auth.whoami': 'whoami',
  'auth.logout': 'logout',
  'auth.password': 'user password',
  'certificate.ca-create': 'certificate ca create',
  'certificate.ca-show': 'certificate ca show',
  'certificate.crl': 'certificate crl export',
  'certificate.issue-server': 'certificate issue server',
  'certificate.issue-station': 'certificate issue station',
  'config.cached': 'config get',
  'config.keep': 'config apply',
  'diagnostics.follow': 'diagnostics request',
  'diagnostics.show': 'diagnostics get',
  'firmware.append': 'firmware upload',
  'firmware.begin': 'firmware upload',
  'firmware.finish': 'firmware upload',
  'firmware.rollouts': 'firmware status',
  'fleet.checkup': 'doctor',
  'fleet.status': 'status',
  'mail.check': 'doctor',
  'remote.broadcast': 'remote call',
  'remote.start-many': 'remote start',
  'remote.stop-many': 'remote stop',
  'server.info': 'doctor',
  'session.orphans': 'session samples',
  'station.breaches': 'station show',
  // Many commands begin with it.
  'station.select': 'commands for stations',
};

/** Nouns of which every operation is a step of the same command, or that have another name there. */
const nouns: Readonly<Record<string, (verb: string) => string>> = {
  'alarm-rule': (verb) => `alarm rule ${verb}`,
  outbox: (verb) => `alarm outbox ${verb}`,
  'site-import': () => 'site import',
  'station-import': () => 'station import',
  'tag-import': () => 'tag import',
};

/** An operation as people know it: by the command that runs it. */
export function typedAs(operation: string): string {
  const [noun = '', verb = ''] = operation.split('.');
  const known = single[operation] ?? nouns[noun]?.(verb);
  if (known !== undefined) return known;
  return verb === 'follow' ? `${noun} list` : `${noun} ${verb}`;
}

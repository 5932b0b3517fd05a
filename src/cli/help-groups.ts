/** How the commands stand in the help of the whole program; each first word in one group. */
export const helpGroups: readonly { readonly title: string; readonly words: readonly string[] }[] = [
  { title: 'Daily work', words: ['status', 'session', 'remote', 'reservation', 'event'] },
  { title: 'Fleet', words: ['site', 'floor', 'station', 'connector', 'group'] },
  { title: 'People', words: ['user', 'tag', 'api-key', 'login', 'logout', 'whoami'] },
  {
    title: 'In the stations',
    words: ['config', 'local-list', 'profile', 'firmware', 'diagnostics', 'certificate'],
  },
  { title: 'Trouble', words: ['alarm', 'maintenance', 'fault', 'connection', 'message', 'doctor'] },
  { title: 'Server', words: ['serve', 'settings', 'store', 'audit', 'simulate'] },
  { title: 'This program', words: ['help', 'autocomplete', 'version'] },
];

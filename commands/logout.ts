import { Flags } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../src/cli/flags/flags.js';
import type { LogoutView } from '../src/cli/remote/server-logout.js';

export default class Logout extends FleetCommand<typeof Logout> {
  static override summary = 'Revoke the key that login keeps, and forget it';
  static override description =
    'Without --server it is that of the one server where you are logged in. A server that cannot be reached cannot revoke its key, which is then still kept, unless --local forgets it. What is in EVFLEET_API_KEY is not touched: evfleet api-key revoke is for that.';
  static override examples = [
    '<%= config.bin %> logout',
    '<%= config.bin %> logout --server https://fleet.example.com:9223',
    '<%= config.bin %> logout --all --local',
  ];
  static override flags = {
    ...withOwnEnv('logout', {
      all: Flags.boolean({ default: false, summary: 'At every server where you are logged in.' }),
    }),
    ...withEnv({
      local: Flags.boolean({
        default: false,
        summary: 'Forget the key here also when the server cannot be told to revoke it.',
      }),
    }),
  };

  async run(): Promise<LogoutView[]> {
    const { keptLogins } = await import('../src/cli/remote/server-logins.js');
    const { ownCredentials } = await import('../src/cli/remote/server-key.js');
    const { logOut } = await import('../src/cli/remote/server-logout.js');
    const { signal } = this;
    const { 'server-ca': caFile } = this.flags;
    const credentials = ownCredentials(process.env);
    const logins = keptLogins(await credentials.all(), {
      all: this.flags.all,
      server: this.server,
      ways: {
        caFile,
        isCaTyped: caFile !== undefined && !process.env.EVFLEET_SERVER_CA,
        allowsPlainHttp: this.flags['allow-plain-http'],
      },
    });
    if (logins.length === 0) {
      this.say(`You are not logged in ${this.server ? `at ${this.server.url}` : 'anywhere'}; nothing to do.`);
    }
    const views: LogoutView[] = [];
    for (const { server, credential } of logins) {
      const isLocalEnough = this.flags.local;
      const view = await logOut(server, credential, { credentials, signal, isLocalEnough });
      views.push(view);
      this.say(
        view.revoked
          ? `Logged out at ${view.server}; the key ${view.keyId} is revoked.`
          : `The key ${view.keyId} is forgotten here, but ${view.server} could not be told: have it revoked there with evfleet api-key revoke ${view.keyId}.`,
      );
    }
    return views;
  }
}

import { Flags } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { readSecret } from '../src/cli/files/stdin.js';
import { withOwnEnv } from '../src/cli/flags/flags.js';
import { askSecret, askText } from '../src/cli/prompt.js';
import { typedAgain, typedOnce } from '../src/cli/remote/server-suggestions.js';
import { refusePlainHttp } from '../src/cli/remote/server-url.js';
import { FleetError } from '../src/domain/errors.js';
import { checkEmail } from '../src/domain/people/email.js';
import { renderLogin } from '../src/views/login.js';

export default class Login extends FleetCommand<typeof Login> {
  static override summary = 'Log in at a server elsewhere with e-mail address and password';
  static override description =
    `The server makes a key for this user, which is kept in $XDG_CONFIG_HOME/evfleet/credentials.json (~/.config), readable by you alone. evfleet logout revokes it. The password is not kept.
Commands go on working on the fleet of this machine, unless --server, EVFLEET_SERVER or "server" in the configuration file says otherwise; they then use the key.
Programs need no login: they have a key of their own, from evfleet api-key create, in EVFLEET_API_KEY or --api-key-file.`;
  static override examples = [
    '<%= config.bin %> login --server https://fleet.example.com:9223',
    '<%= config.bin %> login --server https://fleet.example.com:9223 --email ada@example.com --password-stdin < password.txt',
  ];
  static override flags = withOwnEnv('login', {
    email: Flags.string({ summary: 'Who you are; asked for when left out.' }),
    'password-stdin': Flags.boolean({
      default: false,
      summary: 'The password is the line on standard input.',
    }),
  });

  async run() {
    const { server } = this;
    if (!server) {
      throw new FleetError('USAGE', 'Where to log in is missing: --server.', {
        suggestions: ['evfleet login --server https://fleet.example.com:9223'],
      });
    }
    refusePlainHttp(server.url, { isAllowed: server.allowsPlainHttp });
    const { checkReachable, logIn } = await import('../src/cli/remote/server-login.js');
    const { ownCredentials } = await import('../src/cli/remote/server-key.js');
    const { signal } = this;
    const credentials = ownCredentials(process.env);
    // What would be in the way of keeping the key shows before anything is asked.
    await credentials.prepare();
    const { email: given } = this.flags;
    if (given !== undefined) checkEmail(given);
    const isAsked = given === undefined || !this.flags['password-stdin'];
    if (isAsked && this.interactive) await checkReachable(server, signal);
    const email = given ?? (await askText(this, 'E-mail address', '--email'));
    checkEmail(email);
    const password = this.flags['password-stdin']
      ? await readSecret({ reader: '--password-stdin', signal })
      : await askSecret(this, `Password of ${email} at ${server.url}`, '--password-stdin');
    const warn = (message: string) => void this.warn(message);
    const view = await logIn(server, { email, password }, { credentials, signal, warn });
    await this.print(
      renderLogin(
        view,
        { isDefault: !server.isTyped, flags: typedAgain(server), variables: typedOnce(server) },
        this.terminal,
      ),
    );
    return view;
  }
}

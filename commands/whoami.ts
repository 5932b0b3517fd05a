import { FleetCommand } from '../src/cli/base-command.js';
import { whoamiRecord } from '../src/views/whoami.js';

export default class Whoami extends FleetCommand<typeof Whoami> {
  static override summary = 'Show who you are for the fleet, and what you may do';
  static override description =
    'On the machine of the fleet that is the user of the system, who may do everything. With --server it is the person whose key is used.';
  static override examples = [
    '<%= config.bin %> whoami',
    '<%= config.bin %> whoami --server https://fleet.example.com:9223 --json',
  ];

  async run() {
    const fleet = await this.fleet();
    const who = await fleet.run('auth.whoami', {});
    return this.printRecord({ ...who, server: this.server?.url ?? null }, whoamiRecord);
  }
}

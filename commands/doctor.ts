import { FleetCommand } from '../src/cli/base-command.js';
import { renderChecks } from '../src/views/doctor.js';

export default class Doctor extends FleetCommand<typeof Doctor> {
  static override summary = 'Check that everything is as it should be, and say what to do where it is not';
  static override description =
    `Looks at the data directory and who may read it, free space, the store, its journal and backups, settings, the running server, the ports and addresses that stations use, the clock and the limit of open files. With a running server and without one, where fewer things can be checked.
Only this machine is asked: whether an address answers is tried when it is a loopback address, and never otherwise. With --server that server is asked, as far as the key allows; what needs its machine has to be checked there.
Ends with 0 when there is no problem, also when there are warnings, else with 1.`;
  static override examples = [
    '<%= config.bin %> doctor',
    `<%= config.bin %> doctor --json | jq -r '.[] | select(.status != "ok") | .advice'`,
  ];

  async run() {
    const results = await this.#examine();
    await this.print(renderChecks(results, this.terminal));
    if (results.some(({ status }) => status === 'problem')) process.exitCode = 1;
    return results;
  }

  async #examine() {
    const { server, dataDir, signal } = this;
    const common = {
      version: this.config.version,
      now: this.terminal.now,
      signal,
      openFleet: (until: AbortSignal) => this.openFleet({ ...this.storeOptions, signal: until }),
    };
    if (server) {
      const { examineServer } = await import('../src/cli/doctor/server-checkup.js');
      return examineServer({ ...common, url: server.url });
    }
    const { examine } = await import('../src/cli/doctor/doctor.js');
    return examine({ ...common, dataDir });
  }
}

import { Flags } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { durationFlag, integer, withEnv } from '../src/cli/flags/flags.js';
import { readSimulatedSecrets, simulatedSecretsFlags } from '../src/cli/flags/simulated-secrets.js';
import { writeText } from '../src/cli/output.js';
import { ProgressLine } from '../src/cli/progress-line.js';
import { refuseServer } from '../src/cli/remote/server-choice.js';
import { number } from '../src/cli/values.js';
import { errorCatalogue, FleetError } from '../src/domain/errors.js';
import type { SimulationSummary } from '../src/simulator/fleet-statistics.js';
import { renderProgress, renderSummary } from '../src/views/simulation.js';

const defaultUrl = 'ws://127.0.0.1:9220/ocpp/';
/** A summary is still written this long after an interruption. */
const lastWordsMs = 5000;

export default class Simulate extends FleetCommand<typeof Simulate> {
  static override summary = 'Run virtual stations against a central system';
  static override description =
    `Real OCPP 1.6 connections to any central system: boot, status, heartbeats, and cars that come, charge and go. The stations obey remote start and stop, reset, configuration, trigger and other commands, and come back after a lost connection.
The stations are called SIM-001, SIM-002 and so on; the central system has to know them and their tags. For the fleet of this machine, --create sees to that.`;
  static override examples = [
    '<%= config.bin %> simulate --stations 20 --create --speed 60',
    '<%= config.bin %> simulate --stations 3 --id-prefix CP --tag 04A2B3C4 --sessions 1',
    '<%= config.bin %> simulate --url ws://127.0.0.1:8080/ocpp --stations 100 --duration 10m --json',
    '<%= config.bin %> simulate --url wss://csms.example.com:9443/ocpp --ca ca.pem --auth-key-file keys.txt',
    '<%= config.bin %> simulate --url wss://127.0.0.1:9443/ocpp --ca ca.pem --client-cert cp.pem --client-key cp.key',
  ];
  static override flags = withEnv({
    // Some have variables of their own: what lists and actions are told must not decide what is simulated.
    stations: integer({ default: 1, min: 1, max: 20_000, summary: 'How many stations.' }),
    url: Flags.string({
      default: defaultUrl,
      summary: 'Where they connect; each appends its id.',
    }),
    connectors: integer({
      env: 'EVFLEET_SIMULATE_CONNECTORS',
      default: 1,
      min: 1,
      max: 100,
      summary: 'Connectors of each station.',
    }),
    'id-prefix': Flags.string({
      default: 'SIM-',
      summary: 'Ids are this and a number of three digits or more.',
    }),
    sessions: integer({ min: 1, summary: 'Sessions on each connector; without end when left out.' }),
    speed: number({
      default: 1,
      min: 0.1,
      max: 10_000,
      summary: 'How many times faster cars charge than real ones.',
    }),
    tag: Flags.string({
      env: 'EVFLEET_SIMULATE_TAG',
      multiple: true,
      multipleNonGreedy: true,
      default: ['SIM-TAG-1', 'SIM-TAG-2', 'SIM-TAG-3'],
      summary: 'Tag that drivers show; repeat it for more.',
    }),
    create: Flags.boolean({
      default: false,
      summary: 'Create the stations and tags first, in the fleet of --data-dir or --server.',
    }),
    duration: durationFlag({
      env: 'EVFLEET_SIMULATE_DURATION',
      minMs: 1000,
      summary: 'End after this time.',
    }),
    seed: integer({ default: 1, min: 0, summary: 'Same seed, same cars.' }),
    ...simulatedSecretsFlags,
  });

  async run(): Promise<SimulationSummary> {
    const { url, stations, connectors, sessions, speed, tag: tags, seed, duration: durationMs } = this.flags;
    const idPrefix = this.flags['id-prefix'];
    const secureUrl = this.flags['tls-url'];
    checkUrl('--url', url);
    if (secureUrl !== undefined) checkUrl('--tls-url', secureUrl);
    this.#checkServer();
    const { runSimulation, stationIdentity } = await import('../src/simulator/fleet.js');
    const { systemClock } = await import('../src/server/system.js');
    const ids = Array.from({ length: stations }, (_, index) => stationIdentity(idPrefix, index, stations));
    const secretsOf = await readSimulatedSecrets(this.flags, ids, this.signal);
    if (this.flags.create) await this.#create(ids, tags);
    const progress = new ProgressLine(process.stderr, () => systemClock.now());
    const summary = await runSimulation({
      url,
      stations,
      connectors,
      idPrefix,
      speed,
      tags,
      seed,
      ...(sessions !== undefined && { sessions }),
      ...(durationMs !== undefined && { durationMs }),
      ...(secureUrl !== undefined && { secureUrl }),
      secretsOf,
      clock: systemClock,
      signal: this.signal,
      onProgress: (snapshot) => progress.show(renderProgress(snapshot, this.terminal)),
    });
    progress.end();
    this.#judge(summary);
    if (!this.jsonEnabled())
      await writeText(renderSummary(summary, this.terminal), AbortSignal.timeout(lastWordsMs));
    return summary;
  }

  /** Stations that are created in one fleet must not connect to another. */
  #checkServer(): void {
    const { server } = this;
    const { create, url } = this.flags;
    if (!create && server?.isTyped) {
      refuseServer(server, 'Without --create, simulate has no use for --server: stations connect to --url.');
    }
    if (create && server && url === defaultUrl) {
      throw new FleetError(
        'USAGE',
        `Stations would be created at ${server.url} and connect to this machine.`,
        {
          suggestions: ['--url, with the address at which stations connect there', '--server local'],
        },
      );
    }
  }

  async #create(ids: readonly string[], tags: readonly string[]): Promise<void> {
    await this.withFleet(async (fleet) => {
      const { connectors } = this.flags;
      for (const id of ids) await fleet.run('station.create', { id, connectors, ifExists: 'skip' });
      for (const tag of tags) await fleet.run('tag.create', { tag, label: 'simulated', ifExists: 'skip' });
    });
  }

  /** Nobody got through: an error. Some did not: the summary, and the exit code of bulk actions. */
  #judge({ stations, unreachable }: SimulationSummary): void {
    const lost = unreachable.reduce((sum, group) => sum + group.stations, 0);
    if (lost === 0 || this.signal.aborted) return;
    if (lost < stations) {
      process.exitCode = errorCatalogue.SOME_FAILED.exit;
      return;
    }
    const why = unreachable.map(({ description, reason }) => `${description} (${reason})`).join('; ');
    throw new FleetError('SERVER_UNREACHABLE', `No station could be put into service: ${why}.`, {
      suggestions: suggestionsFor(new Set(unreachable.map(({ reason }) => reason))),
    });
  }
}

function suggestionsFor(reasons: ReadonlySet<string>): string[] {
  if (reasons.has('HTTP 404')) {
    return ['--create, which adds them to the fleet of --data-dir', 'evfleet station create --help'];
  }
  if (reasons.has('HTTP 401')) {
    return ['--auth-key-file, or --client-cert and --client-key', 'evfleet event list --kind security'];
  }
  if ([...reasons].some((reason) => /SELF_SIGNED|UNABLE_TO/.test(reason))) {
    return ['--ca ca.pem, with the certificate of evfleet certificate ca export'];
  }
  return ['evfleet serve', '--url, when the server is elsewhere'];
}

function checkUrl(flag: '--url' | '--tls-url', url: string): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  if (scheme === 'wss:' || (flag === '--url' && scheme === 'ws:')) return;
  const kind = flag === '--url' ? 'a WebSocket URL' : 'a URL that begins with wss';
  throw new FleetError('USAGE', `${flag} takes ${kind}, not ${JSON.stringify(url)}.`, {
    suggestions: [
      flag === '--url' ? '--url ws://127.0.0.1:9220/ocpp' : '--tls-url wss://127.0.0.1:9443/ocpp',
    ],
  });
}

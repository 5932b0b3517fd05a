import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { cachedKeyList, keyList } from '../../src/views/config.js';

export default class ConfigGet extends FleetCommand<typeof ConfigGet> {
  static override summary = 'Show the configuration keys of a station';
  static override description =
    `Asks the station, for all keys or for those that are named, and keeps what it says. --cached shows what it said last
and when, which needs neither station nor server. Keys that only vendors know have no meaning here. Secrets are masked.`;
  static override examples = [
    '<%= config.bin %> config get CP001',
    '<%= config.bin %> config get CP001 HeartbeatInterval MeterValueSampleInterval',
    '<%= config.bin %> config get CP001 --cached --filter readOnly=false',
    '<%= config.bin %> config get CP001 HeartbeatInterval --columns value --no-header',
  ];
  static override args = {
    station: Args.string({ required: true, description: 'Id of the station' }),
    key: Args.string({ description: 'Only this key; more may follow' }),
  };
  static override strict = false;
  static override flags = withEnv({
    cached: Flags.boolean({ default: false, summary: 'What the station said last, without asking it.' }),
    ...timeoutFlag,
    ...listFlags,
  });

  async run() {
    const { cached, timeout: timeoutMs } = this.flags;
    const [stationId = '', ...keys] = this.words;
    const query = { stationId, keys, ...this.listQuery(this.flags) };
    const fleet = await this.fleet();
    const list = cached
      ? await fleet.run('config.cached', query)
      : await fleet.run('config.get', { ...query, timeoutMs });
    const printed = await this.printList(this.flags, list, cached ? cachedKeyList : keyList);
    if (list.unknown.length > 0) {
      this.say(
        cached
          ? `Not reported: ${list.unknown.join(', ')}`
          : `Unknown to ${stationId}: ${list.unknown.join(', ')}`,
      );
    }
    return printed;
  }
}

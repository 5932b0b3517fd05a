import { FleetCommand } from '../../src/cli/base-command.js';
import { storeInfoRecord } from '../../src/views/store.js';

export default class StoreInfo extends FleetCommand<typeof StoreInfo> {
  static override summary = 'Show what the store holds and how large it is';
  static override examples = [
    '<%= config.bin %> store info',
    '<%= config.bin %> store info --json | jq .rows',
  ];

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('store.info', {}), storeInfoRecord);
  }
}

import { FleetCommand } from '../src/cli/base-command.js';
import type { RecordView } from '../src/views/record.js';

interface Version {
  readonly program: string;
  readonly version: string;
  readonly node: string;
  readonly platform: string;
}

const versionRecord: RecordView<Version> = {
  fields: {
    program: { title: 'PROGRAM' },
    version: { title: 'VERSION' },
    node: { title: 'NODE' },
    platform: { title: 'PLATFORM' },
  },
};

export default class VersionCommand extends FleetCommand<typeof VersionCommand> {
  static override summary = 'Show the version of this program, and what it runs on';
  static override description =
    'A server elsewhere may be of another version. --version says the same on one line.';
  static override examples = [
    '<%= config.bin %> version',
    '<%= config.bin %> version --json | jq -r .version',
  ];

  async run() {
    const { bin: program, version, platform, arch } = this.config;
    const node = process.version.replace(/^v/, '');
    return this.printRecord({ program, version, node, platform: `${platform}-${arch}` }, versionRecord);
  }
}

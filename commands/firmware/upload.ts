import { basename } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { firmwareImageRecord } from '../../src/views/firmware.js';

export default class FirmwareUpload extends FleetCommand<typeof FirmwareUpload> {
  static override summary = 'Upload an image of firmware for a vendor and model';
  static override description =
    `The image is copied into the data directory. VERSION is what stations report when they run it: an update has succeeded
once a station boots with it. Stations see the name of the file in the URL. A signed update needs the signature over the
image and the certificate of who signed.`;
  static override examples = [
    '<%= config.bin %> firmware upload acme-1.5.0.bin --vendor Acme --model Box --version 1.5.0',
    '<%= config.bin %> firmware upload acme-1.5.0.bin --vendor Acme --model Box --version 1.5.0 --signature-file acme.sig --certificate-file signer.pem',
  ];
  static override args = { file: Args.string({ required: true, description: 'The image' }) };
  static override flags = withEnv({
    ...withOwnEnv('firmware', {
      vendor: Flags.string({ required: true, summary: 'Vendor, as stations report it.' }),
      model: Flags.string({ required: true, summary: 'Model, as stations report it.' }),
      version: Flags.string({ required: true, summary: 'Version, as stations report it once they run it.' }),
      'signature-file': Flags.string({
        dependsOn: ['certificate-file'],
        summary: 'Signature over the image, as it is or in Base64.',
      }),
      'certificate-file': Flags.string({
        dependsOn: ['signature-file'],
        summary: 'Certificate of who signed, in PEM.',
      }),
    }),
  });

  async run() {
    const { vendor, model, version } = this.flags;
    const { file } = this.args;
    const { readCertificate, readSignature, uploadFirmware } = await import(
      '../../src/cli/firmware-upload.js'
    );
    const { withProgress } = await import('../../src/cli/progress.js');
    const signatureFile = this.flags['signature-file'];
    const certificateFile = this.flags['certificate-file'];
    const signature = signatureFile === undefined ? undefined : await readSignature(signatureFile);
    const certificate = certificateFile === undefined ? undefined : await readCertificate(certificateFile);
    const fleet = await this.fleet();
    const image = { vendor, model, version, signature, certificate };
    const work = {
      what: 'bytes',
      done: 'sent',
      interrupted: 'the image was not kept.',
      interruptedLast: 'evfleet firmware list tells whether the image was kept.',
    };
    const kept = await withProgress(this, work, (onProgress) =>
      uploadFirmware(fleet, { file, fileName: basename(file), ...image, onProgress }, this.signal),
    );
    this.say(`Uploaded firmware ${version} for ${vendor} ${model}.`);
    return this.printRecord(kept, firmwareImageRecord);
  }
}

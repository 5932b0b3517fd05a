import { Type } from '@sinclair/typebox';
import { integer, message, oneOf, text, time, url } from './schema-kit.js';
import { emptyMessage } from './types.js';

/** FirmwareManagement profile (OCPP 1.6 §4.4, §4.5, §5.9, §5.19). Retry intervals are seconds. */

export const diagnosticsStatusNotification = {
  request: message({ status: oneOf(['Idle', 'Uploaded', 'UploadFailed', 'Uploading']) }),
  response: emptyMessage,
};

export const firmwareStatusNotification = {
  request: message({
    status: oneOf([
      'Downloaded',
      'DownloadFailed',
      'Downloading',
      'Idle',
      'InstallationFailed',
      'Installing',
      'Installed',
    ]),
  }),
  response: emptyMessage,
};

export const getDiagnostics = {
  request: message({
    /** The directory to upload to. */
    location: url(),
    retries: Type.Optional(integer()),
    retryInterval: Type.Optional(integer()),
    startTime: Type.Optional(time()),
    stopTime: Type.Optional(time()),
  }),
  /** No file name: there is nothing to upload. */
  response: message({ fileName: Type.Optional(text(255)) }),
};

export const updateFirmware = {
  request: message({
    location: url(),
    retries: Type.Optional(integer()),
    retrieveDate: time(),
    retryInterval: Type.Optional(integer()),
  }),
  response: emptyMessage,
};

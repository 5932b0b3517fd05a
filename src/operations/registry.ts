import { alarmArea } from './alarm/alarm-area.js';
import { certificateArea } from './certificate/certificate-area.js';
import { chargingArea } from './charging/charging-area.js';
import { importArea } from './import/import-area.js';
import { nameOperations } from './name.js';
import { peopleArea } from './people/people-area.js';
import { recordArea } from './record/record-area.js';
import { remoteArea } from './remote/remote-area.js';
import { stationArea } from './station/station-area.js';
import { systemArea } from './system/system-area.js';
import { topologyArea } from './topology/topology-area.js';

/** Every operation by name. The one place where a new area is added. */
export const operations = {
  ...topologyArea,
  ...importArea,
  ...peopleArea,
  ...chargingArea,
  ...remoteArea,
  ...stationArea,
  ...recordArea,
  ...alarmArea,
  ...certificateArea,
  ...systemArea,
  ...nameOperations,
};

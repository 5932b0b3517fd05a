import type { ConnectorView } from '../operations/topology/connector.js';
import { nothing, relative, text } from './format.js';
import { state } from './states.js';
import type { ListView } from './table.js';

export const connectorList: ListView<ConnectorView> = {
  columns: {
    stationId: { title: 'STATION' },
    connector: { title: 'NO', align: 'right' },
    name: { title: 'NAME' },
    state: { title: 'STATE', show: (value, _row, terminal) => state(value, terminal) },
    status: { title: 'REPORTED' },
    errorCode: {
      title: 'ERROR',
      show: (value, _row, terminal) => (value === 'NoError' ? nothing(terminal) : text(value, terminal)),
    },
    vendorErrorCode: { title: 'VENDOR ERROR' },
    info: { title: 'INFO' },
    statusSince: { title: 'SINCE', show: (value, _row, terminal) => relative(value, terminal) },
    mode: { title: 'MODE' },
    evseId: { title: 'EVSE ID' },
    type: { title: 'TYPE' },
    maxPowerKw: { title: 'MAX KW', align: 'right' },
    transactionId: { title: 'SESSION', align: 'right' },
  },
  defaults: [
    'stationId',
    'connector',
    'state',
    'errorCode',
    'statusSince',
    'mode',
    'evseId',
    'maxPowerKw',
    'transactionId',
  ],
  id: ({ stationId, connector }) => `${stationId}:${connector}`,
  empty: 'There are no connectors. They come with a station: evfleet station create CP001 --connectors 2',
};

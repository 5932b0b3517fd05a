import { FleetError } from '../errors.js';
import { nearest } from '../nearest.js';

export type TriggerAction = 'TriggerMessage' | 'ExtendedTriggerMessage';

interface Triggerable {
  /** Those that can ask for it, the one that more stations know first. */
  readonly actions: readonly [TriggerAction, ...TriggerAction[]];
  /** Whether it is about a connector. */
  readonly ofConnector: boolean;
}

const both = ['TriggerMessage', 'ExtendedTriggerMessage'] as const;
const extended = ['ExtendedTriggerMessage'] as const;

/** What a station can be asked to send (OCPP 1.6 §5.17, security white paper §5.6). */
export const triggerable = {
  BootNotification: { actions: both, ofConnector: false },
  DiagnosticsStatusNotification: { actions: ['TriggerMessage'], ofConnector: false },
  FirmwareStatusNotification: { actions: both, ofConnector: false },
  Heartbeat: { actions: both, ofConnector: false },
  LogStatusNotification: { actions: extended, ofConnector: false },
  MeterValues: { actions: both, ofConnector: true },
  SignChargePointCertificate: { actions: extended, ofConnector: false },
  StatusNotification: { actions: both, ofConnector: true },
} as const satisfies Record<string, Triggerable>;

export type TriggerableMessage = keyof typeof triggerable;

export interface Trigger {
  readonly message: TriggerableMessage;
  readonly action: TriggerAction;
}

/**
 * How to ask for a message that a person names, in any case.
 * @throws FleetError USAGE when no station can be asked for it, or when it is of no connector and one is given
 */
export function parseTrigger(typed: string, connector: number | undefined): Trigger {
  const messages = Object.keys(triggerable) as TriggerableMessage[];
  const message = messages.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (!message) {
    const near = nearest(typed, messages);
    throw new FleetError('USAGE', `No station can be asked to send ${JSON.stringify(typed)}.`, {
      suggestions: near ? [`Did you mean ${near}?`] : [`The messages are: ${messages.join(', ')}.`],
    });
  }
  const { actions, ofConnector } = triggerable[message];
  if (connector !== undefined && !ofConnector) {
    throw new FleetError('USAGE', `${message} is about the whole station, --connector does not fit.`, {
      suggestions: ['Leave out --connector.'],
    });
  }
  return { message, action: actions[0] };
}

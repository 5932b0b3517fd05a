import type { ActionSentBy, Request16, Response16 } from '../../ocpp/v16/actions.js';
import type { StationParts } from '../station-parts.js';

export type CentralAction = ActionSentBy<'central'>;

/** An answer, and what follows once it is on the wire. */
interface Answer<Action extends CentralAction> {
  readonly response: Response16<Action>;
  readonly after?: () => void;
}

/** Obeys one action of the central system. Throw an RpcError to answer a CALLERROR. */
export type Handler<Action extends CentralAction> = (
  request: Request16<Action>,
  station: StationParts,
) => Answer<Action>;

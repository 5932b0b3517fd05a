import type { Notification } from '../../domain/alarm/notification.js';
import { doubtEnergy, sessionEnergyWh } from '../../domain/charging/energy.js';
import { detailOf } from '../../domain/event-detail.js';
import type { Session } from '../../domain/model.js';
import type { RecordedEvent } from '../../domain/record-repositories.js';
import { recipientsFor } from '../recipients.js';
import { tell } from '../tell.js';
import type { EventHandler } from '../watch.js';

/** What is older is no news: stations that were offline tell later of what they did. */
const newsMs = 3600_000;

const started = { kind: 'charging-started', stepMs: 0 } as const;
const stopped = { kind: 'charging-stopped', stepMs: 1 } as const;
type Word = typeof started | typeof stopped;

/** Tells of charging that begins and ends. A start that the station was told to refuse is none. */
export const chargingMessages: EventHandler = async (context, event) => {
  const word = wordOf(event);
  const { r, rules, now } = context;
  const { stationUuid, at } = event;
  if (!word || now - at > newsMs) return;
  const recipients = await recipientsFor(rules, { trigger: word.kind, stationUuid });
  if (recipients.length === 0) return;
  const { transactionId } = detailOf(event);
  const session =
    typeof transactionId === 'number' ? await r.sessions.findByTransactionId(transactionId) : undefined;
  if (session?.verdict !== 'Accepted') return;
  const { uuid, connector } = session;
  if (await r.maintenance.findActive({ stationUuid, connector }, now)) return;
  const subject = { subjectUuid: uuid, stepMs: word.stepMs, threadKey: uuid };
  await tell(context, recipients, toNotification(word, session, at), subject);
};

function wordOf({ kind }: RecordedEvent): Word | undefined {
  switch (kind) {
    case 'session.started':
      return started;
    case 'session.ended':
      return stopped;
    default:
      return undefined;
  }
}

function toNotification({ kind }: Word, session: Session, time: number): Notification {
  const { stationId, stationName: name, siteName: site, connector, userEmail: user, tag } = session;
  const charging = { time, stationId, name, site, connector, user, tag };
  if (kind === 'charging-started') return { kind, ...charging };
  const { startedAt, stoppedAt } = session;
  return {
    kind,
    ...charging,
    energyKwh: doubtEnergy(session) === undefined ? sessionEnergyWh(session) / 1000 : null,
    durationS: Math.round(((stoppedAt ?? time) - startedAt) / 1000),
  };
}

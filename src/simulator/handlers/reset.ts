import type { Handler } from './handler.js';

/** OCPP 1.6 §5.14. */
export const reset: Handler<'Reset'> = ({ type }, station) => ({
  response: { status: 'Accepted' },
  after: () => station.background.run(station.reset(type)),
});

import type { Handler } from './handler.js';

/** OCPP 1.6 §5.6: a virtual station has no vendor extensions. */
export const dataTransfer: Handler<'DataTransfer'> = () => ({ response: { status: 'UnknownVendorId' } });

import type { FleetEvent } from './model.js';

/** What else is known of an event; empty where that cannot be read. */
export function detailOf({ detail }: Pick<FleetEvent, 'detail'>): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

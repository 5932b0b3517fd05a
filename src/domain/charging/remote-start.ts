/** How long after a remote start a session that begins with its tag still counts as its result. */
export const remoteStartValidMs = 15 * 60_000;

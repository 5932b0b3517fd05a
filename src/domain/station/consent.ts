/** Statuses of answers that mean yes, in whichever action; any other is a no. */
const consents: ReadonlySet<string> = new Set([
  'Accepted',
  'AcceptedCanceled',
  'RebootRequired',
  'Scheduled',
  'Unlocked',
]);

/** Whether the status with which a station answered means that it will do what it was asked for. */
export function isConsent(action: string, status: string): boolean {
  // A station without certificates says so in this way.
  return consents.has(status) || (action === 'GetInstalledCertificateIds' && status === 'NotFound');
}

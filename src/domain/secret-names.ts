/** What stands in the place of a secret. */
export const mask = '***';

const secretName = /pass|pwd|secret|token|key|psk|credential|pin[-_ ]?code|pin(?![a-z])/i;

/** Standard names that only sound like it (OCPP 1.6 §9). */
const notSecret = /GetConfigurationMaxKeys/gi;

/** Whether a configuration key or field of this name holds a password, key, token or the like; also of whole texts. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && secretName.test(name.replaceAll(notSecret, ''));
}

import type { SettingCipher } from '../../../src/store/setting-vault.js';

/** Seals nothing. */
export const plainSettings: SettingCipher = { seal: (_key, value) => value, open: (_key, value) => value };

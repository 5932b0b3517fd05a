import type { SettingRepository } from '../../domain/repositories.js';
import { isSecretSetting, type SettingKey, settingKeys } from '../../domain/settings.js';
import { build, type Executor } from '../queries.js';
import { isSealed, type SettingCipher } from '../setting-vault.js';

const secretKeys: ReadonlySet<string> = new Set(settingKeys.filter(isSecretSetting));

function isSecretKey(key: string): key is SettingKey {
  return secretKeys.has(key);
}

export function createSettingRepository(executor: Executor, cipher: SettingCipher): SettingRepository {
  return {
    async list() {
      const rows = await executor.all(build.selectFrom('setting').select(['key', 'value']).compile());
      // A secret that nobody can read is there, but no value that its setting takes.
      return new Map(
        rows.map(({ key, value }) => [key, isSecretKey(key) ? (cipher.open(key, value) ?? '') : value]),
      );
    },

    async findUpdatedAt(key) {
      const query = build.selectFrom('setting').select('updatedAt').where('key', '=', key);
      const [row] = await executor.all(query.compile());
      return row?.updatedAt;
    },

    async set(key, given, updatedAt) {
      const value = isSecretKey(key) ? cipher.seal(key, given) : given;
      await executor.run(
        build
          .insertInto('setting')
          .values({ key, value, updatedAt })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updatedAt }))
          .compile(),
      );
    },

    async remove(key) {
      await executor.run(build.deleteFrom('setting').where('key', '=', key).compile());
    },
  };
}

/**
 * Seals what lies in the clear since before secrets were sealed.
 * @returns secrets that cannot be read: sealed with a key that is not here
 */
export async function sealSecrets(executor: Executor, cipher: SettingCipher): Promise<SettingKey[]> {
  const query = build
    .selectFrom('setting')
    .select(['key', 'value'])
    .where('key', 'in', [...secretKeys]);
  const unreadable: SettingKey[] = [];
  for (const { key, value } of await executor.all(query.compile())) {
    if (!isSecretKey(key)) continue;
    if (!isSealed(value)) {
      const sealed = { value: cipher.seal(key, value) };
      await executor.run(build.updateTable('setting').set(sealed).where('key', '=', key).compile());
    } else if (cipher.open(key, value) === undefined) unreadable.push(key);
  }
  return unreadable;
}

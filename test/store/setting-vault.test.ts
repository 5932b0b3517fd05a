import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openStore, temporaryStores, testNow } from './support/open-store.js';

const newStore = temporaryStores();
const secret = 'correct horse battery';

async function textIn(directory: string, except: readonly string[] = []): Promise<string> {
  const names = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !except.includes(entry.name));
  const texts = files.map(({ parentPath, name }) => fs.readFile(path.join(parentPath, name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

async function withSecret() {
  const store = await newStore();
  await store.write((r) => r.settings.set('mail.password', secret, testNow));
  const { directory } = await store.info();
  return { store, directory, file: path.join(directory, 'secrets.key') };
}

it('a secret is read back, and lies in neither journal, snapshot nor backup in the clear', async () => {
  const { store, directory } = await withSecret();
  const password = await store.read(async (r) => (await r.settings.list()).get('mail.password'));
  expect(password).toBe(secret);
  expect(await textIn(directory)).not.toContain(secret);
  await store.backup(path.join(directory, 'copy.db'), { replace: false });
  await store.compact();
  expect(await textIn(directory)).not.toContain(secret);
});

it('the key is made when it is first needed, for its owner alone', async () => {
  const store = await newStore();
  const { directory } = await store.info();
  const file = path.join(directory, 'secrets.key');
  await expect(fs.access(file)).rejects.toThrow();
  await store.write((r) => r.settings.set('mail.host', 'smtp.example.org', testNow));
  await expect(fs.access(file)).rejects.toThrow();
  await store.write((r) => r.settings.set('webhook.secret', secret, testNow));
  expect((await fs.stat(file)).mode & 0o777).toBe(0o600);
});

it('another start reads the secret again', async () => {
  const { store, directory } = await withSecret();
  await store.close();
  const again = await openStore(directory);
  expect(await again.read(async (r) => (await r.settings.list()).get('mail.password'))).toBe(secret);
  await again.close();
});

it.each(['is lost', 'is another'])(
  'when the key %s, the secret counts as none and the log names it',
  async (what) => {
    const { store, directory, file } = await withSecret();
    await store.close();
    await (what === 'is lost' ? fs.rm(file) : fs.writeFile(file, 'ab'.repeat(32)));
    const notices: string[] = [];
    const again = await openStore(directory, { onNotice: (_level, text) => notices.push(text) });
    expect(notices).toEqual(['the key of these secrets is not here, set them again: mail.password']);
    const password = await again.read(async (r) => (await r.settings.list()).get('mail.password'));
    expect(password).toBe('');
    await again.write((r) => r.settings.set('mail.password', 'another', testNow));
    expect(await again.read(async (r) => (await r.settings.list()).get('mail.password'))).toBe('another');
    await again.close();
  },
);

it('a file that is no key is not written over, and the change is refused', async () => {
  const { store, directory, file } = await withSecret();
  await store.close();
  await fs.writeFile(file, 'not a key');
  const again = await openStore(directory);
  const change = again.write((r) => r.settings.set('mail.password', 'another', testNow));
  await expect(change).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect(await fs.readFile(file, 'utf8')).toBe('not a key');
  await again.close();
});

it('what was sealed for one setting is nothing in another', async () => {
  const { store } = await withSecret();
  const { SettingVault } = await import('../../src/store/setting-vault.js');
  const { directory } = await store.info();
  const vault = new SettingVault(directory);
  const sealed = vault.seal('mail.password', secret);
  expect(vault.open('mail.password', sealed)).toBe(secret);
  expect(vault.open('webhook.secret', sealed)).toBeUndefined();
  expect(vault.open('mail.password', `${sealed.slice(0, -6)}AAAAAA`)).toBeUndefined();
  expect(vault.seal('mail.password', secret)).not.toBe(sealed);
});

it('what lay there in the clear is sealed at the next start', async () => {
  const { store, directory } = await withSecret();
  await store.compact();
  await store.close();
  const { Sqlite } = await import('../../src/store/sqlite.js');
  const file = path.join(directory, 'evfleet.db');
  const old = await Sqlite.open(await fs.readFile(file));
  old.run("UPDATE setting SET value = ? WHERE key = 'mail.password'", [secret]);
  await fs.writeFile(file, old.export());
  old.close();
  expect(await textIn(directory)).toContain(secret);
  const again = await openStore(directory);
  expect(await again.read(async (r) => (await r.settings.list()).get('mail.password'))).toBe(secret);
  await again.compact();
  expect(await textIn(directory)).not.toContain(secret);
  await again.close();
});

import { type Candidate, type FindNames, plainWords } from './candidate.js';
import { columnsOf } from './list-columns.js';
import type { CompoundKind } from './value-sources.js';

interface CompoundQuery {
  readonly commandId: string;
  /** What is typed of the value. */
  readonly typed: string;
  /** The station that the line names, if it does. */
  readonly station: string | undefined;
  readonly names: FindNames;
}

type Compound = (query: CompoundQuery) => Promise<Candidate[]>;

/** Values that are made of parts, or that the program itself knows. What only one needs is loaded by it alone. */
export const compounds: { readonly [Kind in CompoundKind]: Compound } = {
  columns: async ({ commandId, typed }) => {
    const start = typed.slice(0, typed.lastIndexOf(',') + 1);
    const taken = new Set(start.split(','));
    const columns = (await columnsOf(commandId)).filter((column) => !taken.has(column));
    return plainWords(columns.map((column) => start + column));
  },

  sort: async ({ commandId, typed }) => {
    const start = typed.startsWith('-') ? '-' : '';
    return plainWords((await columnsOf(commandId)).map((column) => start + column));
  },

  filter: async ({ commandId }) => opened(await columnsOf(commandId)),

  selector: async ({ typed, names }) => {
    const start = typed.slice(0, typed.lastIndexOf(',') + 1);
    const condition = typed.slice(start.length);
    const [, head, field] = /^((vendor|model|site|id)!?=)/.exec(condition) ?? [];
    if (head === undefined || field === undefined) {
      const { selectorFields } = await import('../../domain/selector.js');
      return opened(selectorFields.map((name) => start + name));
    }
    const kind = kindOfField(field);
    const found = await names({ kind, prefix: condition.slice(head.length) });
    // A comma or a star would be read as more than a part of a name.
    const escaped = found.map(({ name }) => name.replaceAll(/[\\,*]/g, '\\$&'));
    return plainWords(escaped.map((name) => start + head + name));
  },

  setting: async () => {
    const { describeSetting, settingKeys } = await import('../../domain/settings.js');
    return settingKeys.map((key) => ({ word: key, about: describeSetting(key, new Map()).description }));
  },

  'setting-value': async () => {
    const { describeSetting, isSecretSetting, settingKeys } = await import('../../domain/settings.js');
    // Secrets are not typed there.
    return settingKeys
      .filter((key) => !isSecretSetting(key))
      .map((key) => ({
        word: `${key}=`,
        about: describeSetting(key, new Map()).description,
        isOpen: true,
      }));
  },

  'secret-setting': async () => {
    const { isSecretSetting, settingKeys } = await import('../../domain/settings.js');
    return plainWords(settingKeys.filter(isSecretSetting));
  },

  'configuration-key': (query) => configurationKeys(query, query.typed),

  'configuration-value': async (query) => {
    const { typed } = query;
    const [, name] = /^([^=]+)=/.exec(typed) ?? [];
    const { isAuthorizationKey, standardKey } = await import('../../domain/station/configuration-keys.js');
    if (name !== undefined) {
      return standardKey(name)?.type === 'boolean' ? plainWords([`${name}=true`, `${name}=false`]) : [];
    }
    const keys = await configurationKeys(query, typed);
    return keys
      .filter(({ word }) => standardKey(word)?.readOnly !== true && !isAuthorizationKey(word))
      .map((key) => ({ ...key, word: `${key.word}=`, isOpen: true }));
  },

  'call-action': async () => plainWords((await import('../../domain/ocpp-actions.js')).centralActions),

  'message-action': async () => plainWords((await import('../../domain/ocpp-actions.js')).actionNames),

  trigger: async () => plainWords(Object.keys((await import('../../domain/station/trigger.js')).triggerable)),

  'event-kind': async () => plainWords((await import('../../domain/event-words.js')).describedEvents),
};

/** What the station has; of one that has not told what it has, or of several, those that the standard knows. */
async function configurationKeys({ station, names }: CompoundQuery, prefix: string): Promise<Candidate[]> {
  const reported = station === undefined ? [] : await names({ kind: 'configuration-key', prefix, station });
  if (reported.length > 0) return reported.map(({ name, about }) => ({ word: name, about }));
  const { standardKey, standardKeyNames } = await import('../../domain/station/configuration-keys.js');
  return standardKeyNames.map((name) => ({ word: name, about: standardKey(name)?.meaning ?? '' }));
}

function kindOfField(field: string) {
  switch (field) {
    case 'vendor':
      return 'station-vendor';
    case 'model':
      return 'station-model';
    case 'site':
      return 'site';
    default:
      return 'station';
  }
}

function opened(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word: `${word}=`, about: '', isOpen: true }));
}

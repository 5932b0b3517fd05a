import { foldKey } from '../fold-key.js';
import { checkTag } from '../identifiers.js';
import { instantForms, parseInstant } from '../instant.js';
import { readIdentity, readNames, readText, readWhole, readWord } from './import-cells.js';
import { type ImportTable, shown, wrong } from './import-file.js';
import type { ImportedColumn } from './tag-import-repository.js';

/** A line of a list of tags, as far as it can be understood without the fleet. */
export interface TagLine {
  readonly line: number;
  readonly tag: string;
  readonly label?: string;
  /** E-mail address. */
  readonly user?: string;
  readonly blocked?: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly parent?: string;
  readonly maxActive?: number;
  readonly sites?: string[];
  readonly groups?: string[];
}

/** The most that can be said of a tag. */
export const tagLimits = {
  /** Characters. */
  label: 100,
  user: 320,
  /** Of a site or group, and how many of them. */
  name: 100,
  names: 1000,
  maxActive: 1000,
  /** The end of the year 9999, milliseconds since the epoch. */
  expiresAt: 253_402_300_799_999,
} as const;

const names = { length: tagLimits.name, count: tagLimits.names };

export interface ReadTagOptions {
  /** Milliseconds since the epoch: what durations count from. */
  readonly nowMs: number;
  /** The tag that the cell stands for. @throws FleetError USAGE when it is none */
  readonly toTag: (cell: string) => string;
  /** The same for a parent. */
  readonly toParent: (cell: string) => string;
}

/** What a list of tags may hold. */
export const tagTable: ImportTable<Omit<TagLine, 'line'>, 'tag', ImportedColumn, ReadTagOptions> = {
  key: 'tag',
  identityOf: ({ tag }) => foldKey(tag),
  columns: {
    tag: {
      names: ['tag', 'idTag', 'tagId', 'uid', 'rfid', 'cardNumber'],
      read: (text, { toTag }) => ({ tag: readTag(text, toTag) }),
    },
    label: {
      names: ['label', 'name', 'description'],
      keepsSpaces: true,
      read: (text) => ({ label: readText(text, tagLimits.label) }),
    },
    user: {
      names: ['user', 'userEmail', 'email', 'mail'],
      read: (text) => ({ user: readText(text, tagLimits.user) }),
    },
    blocked: {
      names: ['status'],
      // What has expired says so by its date.
      read: (text) => ({
        blocked: text.toLowerCase() !== 'expired' && readWord(text, ['accepted', 'blocked']) === 'blocked',
      }),
    },
    expiresAt: {
      names: ['expires', 'expiresAt', 'expiry', 'expiryDate', 'validUntil'],
      read: (text, { nowMs }) => ({ expiresAt: readExpiry(text, nowMs) }),
    },
    parent: {
      names: ['parent', 'parentIdTag', 'parentTag'],
      read: (text, { toParent }) => ({ parent: readTag(text, toParent) }),
    },
    maxActive: {
      names: ['maxActive'],
      read: (text) => ({ maxActive: readWhole(text, { min: 1, max: tagLimits.maxActive }) }),
    },
    sites: { names: ['sites', 'site'], read: (text) => ({ sites: readNames(text, names) }) },
    groups: { names: ['groups', 'group'], read: (text) => ({ groups: readNames(text, names) }) },
  },
  left: { createdAt: null },
  example: 'tag,label,user,expires',
};

function readTag(text: string, toTag: (cell: string) => string): string {
  const tag = toTag(readIdentity(text));
  checkTag(tag);
  return tag;
}

function readExpiry(text: string, nowMs: number): number {
  const instant = parseInstant(text, { nowMs, zone: 'local', towards: 'future' });
  if (instant !== undefined && instant >= 0 && instant <= tagLimits.expiresAt) return instant;
  throw wrong(`it takes an instant such as ${instantForms.future}, not ${shown(text)}`);
}

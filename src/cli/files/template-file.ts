import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { isSecretName } from '../../domain/secret-names.js';
import {
  type ConfigurationTemplate,
  nameOfMatch,
  templateFields,
} from '../../domain/station/configuration.js';
import {
  complaintAbout,
  foldKeyName,
  howToSetSecret,
  keyNameMaxLength,
} from '../../domain/station/configuration-keys.js';
import { readYamlText } from './yaml-file.js';
import type { YamlText } from './yaml-text.js';

const patternMaxLength = 100;

/** Documents of one file, and keys in each: what the operations take. */
const documentsMax = 1000;
const keysMax = 200;

/**
 * Configuration templates from a YAML file, or `-` for standard input: one in each document, with `match` and
 * `configuration`.
 * @throws FleetError USAGE that begins with file, line and column
 */
export async function readTemplates(source: string, signal: AbortSignal): Promise<ConfigurationTemplate[]> {
  return templatesIn(await readYamlText(source, '--file', signal));
}

/** As `readTemplates`, of a text that was read. */
export function templatesIn(yaml: YamlText): ConfigurationTemplate[] {
  return new TemplateReader(yaml).read();
}

class TemplateReader {
  readonly #yaml: YamlText;

  constructor(yaml: YamlText) {
    this.#yaml = yaml;
  }

  read(): ConfigurationTemplate[] {
    const templates: ConfigurationTemplate[] = [];
    const names = new Set<string>();
    for (const { contents } of this.#yaml.documents) {
      if (contents === null) continue;
      const template = this.#template(contents);
      const name = nameOfMatch(template.match).toLowerCase();
      if (names.has(name)) throw this.#at(startOf(contents), `there is a second template for ${name}`);
      names.add(name);
      templates.push(template);
      if (templates.length > documentsMax) {
        throw this.#at(startOf(contents), `there are more than ${documentsMax} templates`);
      }
    }
    if (templates.length === 0) throw this.#at(0, 'there is no template in it');
    return templates;
  }

  #template(node: Node): ConfigurationTemplate {
    const fields = this.#fields(node, 'a template', ['match', 'configuration']);
    const configuration = fields.get('configuration');
    if (configuration === undefined) throw this.#at(startOf(node), 'configuration is missing');
    return { match: this.#match(fields.get('match')), configuration: this.#configuration(configuration) };
  }

  #match(pair: Pair | undefined): ConfigurationTemplate['match'] {
    if (pair === undefined) return {};
    const node = this.#valueOf(pair, 'match');
    const match: Partial<Record<(typeof templateFields)[number], string>> = {};
    for (const [name, field] of this.#fields(node, 'match', templateFields)) {
      const value = this.#valueOf(field, name);
      const pattern = isScalar(value) ? textOf(value) : undefined;
      if (pattern === undefined || pattern === '' || pattern.length > patternMaxLength) {
        throw this.#at(startOf(value), `${name} takes a text of at most ${patternMaxLength} characters`);
      }
      match[name] = pattern;
    }
    return match;
  }

  #configuration(pair: Pair): Record<string, string> {
    const node = this.#valueOf(pair, 'configuration');
    const map = this.#map(node, 'configuration');
    if (map.items.length > keysMax) {
      throw this.#at(startOf(node), `configuration has more than ${keysMax} keys`);
    }
    const values: Record<string, string> = Object.create(null);
    const seen = new Set<string>();
    for (const item of map.items) {
      const key = this.#nameOf(item);
      const at = startOf(item.key as Node);
      if (key === '' || key.length > keyNameMaxLength) {
        throw this.#at(at, `a key has 1 to ${keyNameMaxLength} characters`);
      }
      if (seen.has(foldKeyName(key))) throw this.#at(at, `${key} is given twice`);
      seen.add(foldKeyName(key));
      if (isSecretName(key)) {
        const hint = howToSetSecret(key);
        throw this.#at(at, `${key} is a secret, and no file should hold it`, [hint]);
      }
      const value = this.#value(item, key);
      const complaint = complaintAbout(key, value);
      if (complaint !== undefined) throw this.#at(startOf(this.#valueOf(item, key)), `${key} ${complaint}`);
      values[key] = value;
    }
    return { ...values };
  }

  /** A text, number or truth value as it is written; a list of them with commas. */
  #value(item: Pair, key: string): string {
    const node = this.#valueOf(item, key);
    const text = isScalar(node) ? textOf(node) : undefined;
    if (text !== undefined) return text;
    if (!isSeq(node)) throw this.#at(startOf(node), `${key} takes a text, a number, true, false or a list`);
    return node.items
      .map((entry) => {
        const one = isScalar(entry) ? textOf(entry) : undefined;
        if (one !== undefined && one !== '' && !one.includes(',')) return one;
        throw this.#at(startOf(entry as Node), `an item of ${key} is a text without commas`);
      })
      .join(',');
  }

  #fields<Name extends string>(node: Node, what: string, names: readonly Name[]): Map<Name, Pair> {
    const fields = new Map<Name, Pair>();
    for (const item of this.#map(node, what).items) {
      const typed = this.#nameOf(item);
      const name = names.find((known) => known === typed);
      if (name === undefined) {
        const near = nearest(typed, names);
        const hints = near === undefined ? [] : [`Did you mean ${near}?`];
        const known = `${what} has ${names.join(', ')}`;
        throw this.#at(
          startOf(item.key as Node),
          `there is no ${JSON.stringify(typed)} here: ${known}`,
          hints,
        );
      }
      fields.set(name, item);
    }
    return fields;
  }

  #map(node: Node, what: string): YAMLMap {
    if (isMap(node)) return node;
    throw this.#at(startOf(node), `${what} takes keys with values`);
  }

  #nameOf({ key }: Pair): string {
    if (isScalar(key)) return textOf(key) ?? '';
    throw this.#at(startOf(key as Node), 'a key is a plain text');
  }

  #valueOf({ key, value }: Pair, name: string): Node {
    const node = value as Node | null;
    if (node === null || (isScalar(node) && node.value === null)) {
      throw this.#at(startOf(key as Node), `${name} has no value; an empty text is ''`);
    }
    if (isAlias(node)) throw this.#at(startOf(node), 'aliases are not taken; write the value out');
    return node;
  }

  #at(offset: number, complaint: string, suggestions: readonly string[] = []): FleetError {
    return this.#yaml.failure(offset, complaint, suggestions);
  }
}

/** As it is written: `1.0` stays `1.0`, and `007` is no 7. */
function textOf({ value, source }: { value: unknown; source?: string }): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return source ?? String(value);
  }
  return undefined;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

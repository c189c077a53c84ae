import { stringifyJson } from './escape.ts';

/** Most characters of texts that are kept. */
const MOST_KEPT = 2 * 1024 * 1024;
/** Most names of members whose text is kept. */
const MOST_NAMES = 1000;

/**
 * Writes values as `stringifyJson` does. The text of a list, or of an object in a list, that comes again is kept:
 * thousands of identities and findings share their grants, factors and references.
 */
export class JsonFragments {
  private readonly seen = new Set<object>();
  private readonly texts = new Map<object, string>();
  private readonly names = new Map<string, string>();
  private kept = 0;

  /** The text of a value. Undefined, where JSON has nothing for it, is told as such. */
  textOf(value: unknown): string | undefined {
    if (Array.isArray(value)) return value.length === 0 ? '[]' : this.shared(value);
    return isRecord(value) ? this.build(value) : primitiveText(value);
  }

  private shared(value: object): string {
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    const text = this.build(value);
    if (!this.seen.has(value)) this.seen.add(value);
    else if (this.kept < MOST_KEPT) {
      this.texts.set(value, text);
      this.kept += text.length;
    }
    return text;
  }

  private build(value: object): string {
    if (isFlat(value)) return stringifyJson(value);
    return Array.isArray(value) ? this.buildList(value) : this.buildRecord(value);
  }

  private buildList(list: readonly unknown[]): string {
    const items = list.map((item) => (isRecord(item) ? this.shared(item) : (this.textOf(item) ?? 'null')));
    return `[${items.join(',')}]`;
  }

  private buildRecord(value: object): string {
    const record = value as Readonly<Record<string, unknown>>;
    let [text, before] = ['', '{'];
    for (const name of Object.keys(record)) {
      const member = this.textOf(record[name]);
      if (member === undefined) continue;
      text += `${before}${this.nameOf(name)}:${member}`;
      before = ',';
    }
    return before === '{' ? '{}' : `${text}}`;
  }

  private nameOf(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const text = stringifyJson(name);
    if (this.names.size < MOST_NAMES) this.names.set(name, text);
    return text;
  }
}

/** Nothing in it is an object, or it says itself what it is in JSON. */
function isFlat(value: object): boolean {
  if ('toJSON' in value) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof member === 'object' && member !== null) return false;
  }
  return true;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function primitiveText(value: unknown): string | undefined {
  return typeof value === 'string' || value === null || typeof value === 'number' || typeof value === 'boolean'
    ? stringifyJson(value)
    : undefined;
}

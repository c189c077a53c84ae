import { stringifyJson } from '../../lib/text/escape.ts';

/** Most characters of texts that are kept. */
const MOST_KEPT = 2 * 1024 * 1024;
/** Most names of members whose last texts are kept. */
const MOST_NAMES = 1000;
/** How many of the last values of a member are compared with the next one. */
const LAST_VALUES = 4;

/** The last values of the members of a name, each with the text of the whole member. */
interface Member {
  /** A comma and the name as JSON, with its colon. */
  readonly head: string;
  readonly values: unknown[];
  readonly texts: (string | undefined)[];
  /** The place that the next new value takes. */
  next: number;
}

/**
 * Writes values as `stringifyJson` does. The text of a list, or of an object in a list, that comes again is kept:
 * thousands of identities and findings share their grants, factors and references. Of each member the last few texts
 * are kept: findings of one rule share most of theirs.
 */
export class JsonFragments {
  private readonly seen = new Set<object>();
  private readonly texts = new Map<object, string>();
  private readonly members = new Map<string, Member>();
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
    if (Array.isArray(value)) return isFlat(value) ? stringifyJson(value) : this.buildList(value);
    return 'toJSON' in value ? stringifyJson(value) : this.buildRecord(value);
  }

  private buildList(list: readonly unknown[]): string {
    const items = list.map((item) => (isRecord(item) ? this.shared(item) : (this.textOf(item) ?? 'null')));
    return `[${items.join(',')}]`;
  }

  private buildRecord(value: object): string {
    const record = value as Readonly<Record<string, unknown>>;
    let text = '';
    for (const name of Object.keys(record)) {
      const member = this.memberText(name, record[name]);
      if (member !== undefined) text += text === '' ? `{${member.slice(1)}` : member;
    }
    return text === '' ? '{}' : `${text}}`;
  }

  /** A comma, and the text of a member with its name; undefined where JSON leaves it out. */
  private memberText(name: string, value: unknown): string | undefined {
    const member = this.members.get(name) ?? this.addMember(name);
    const place = member.values.indexOf(value);
    if (place >= 0) return member.texts[place];
    const text = this.textOf(value);
    const whole = text === undefined ? undefined : `${member.head}${text}`;
    member.values[member.next] = value;
    member.texts[member.next] = whole;
    member.next = (member.next + 1) % LAST_VALUES;
    return whole;
  }

  private addMember(name: string): Member {
    const member = { head: `,${stringifyJson(name)}:`, values: [], texts: [], next: 0 };
    if (this.members.size < MOST_NAMES) this.members.set(name, member);
    return member;
  }
}

/** Nothing in a list is an object, or it says itself what it is in JSON. */
function isFlat(list: readonly unknown[]): boolean {
  if ('toJSON' in list) return true;
  for (const item of list) if (typeof item === 'object' && item !== null) return false;
  return true;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Texts that JSON quotes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

function primitiveText(value: unknown): string | undefined {
  if (typeof value === 'string') return PLAIN.test(value) ? `"${value}"` : stringifyJson(value);
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? stringifyJson(value) : undefined;
}

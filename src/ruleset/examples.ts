import { defined } from '../lib/fields/defined.ts';
import { compileGlob, matchesAny } from '../lib/patterns/glob.ts';
import { expandTemplate } from '../lib/template/expand.ts';
import type { CompiledRule, RuleExample } from '../model/rule.ts';

/** An example after expansion: real text of live shape, never to be stored or printed. */
export interface ExpandedExample {
  readonly text: string;
  /** The secret that the rule must report; for a negative example what stood in `{secret}`, if anything. */
  readonly secret: string;
  readonly path?: string;
}

/** A place where a rule's pattern and context words hold. Offsets are bytes. */
export interface PlainMatch {
  readonly start: number;
  readonly end: number;
  readonly secretStart: number;
  /** UTF-8 decoded. */
  readonly secret: string;
  readonly groups: Readonly<Record<string, string>>;
}

/**
 * Expands one example of a rule. The seed is the rule's id, the kind and the index, so that no two examples are alike.
 */
export function expandExample(
  rule: { readonly id: string },
  kind: 'match' | 'no-match',
  index: number,
  example: RuleExample,
): ExpandedExample {
  const seed = `${rule.id}/${kind}/${index}`;
  const path = defined({ path: example.path });
  if (example.secret === undefined) {
    const text = expandTemplate(example.text, seed);
    return { text, secret: text, ...path };
  }
  const secret = expandTemplate(example.secret, `${seed}/secret`);
  return { text: expandTemplate(example.text, seed, { secret }), secret, ...path };
}

/**
 * What a rule matches in a text, by plain `RegExp` over the UTF-8 bytes as latin-1, context words and path globs
 * included, checks and companions not. The reference that every engine must agree with.
 */
export function matchPlainly(rule: CompiledRule, text: string, path?: string): readonly PlainMatch[] {
  if (!allowsPath(rule, path)) return [];
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const pattern = new RegExp(rule.pattern, rule.ignoreCase ? 'dgi' : 'dg');
  const matches: PlainMatch[] = [];
  for (const match of bytes.matchAll(pattern)) {
    const span = match.indices?.groups?.['secret'];
    if (span === undefined || !hasContext(rule, bytes, span)) continue;
    const groups = Object.entries(match.groups ?? {}).filter(
      (entry) => entry[0] !== 'secret' && entry[1] !== undefined,
    );
    matches.push({
      start: match.index,
      end: match.index + match[0].length,
      secretStart: span[0],
      secret: decode(bytes.slice(...span)),
      groups: Object.fromEntries(groups.map(([name, value]) => [name, decode(value)])),
    });
  }
  return matches;
}

function allowsPath(rule: CompiledRule, path: string | undefined): boolean {
  if (rule.paths === undefined || path === undefined) return rule.paths === undefined || rule.paths.only.length === 0;
  const { only, not } = rule.paths;
  if (only.length > 0 && !matchesAny(only.map(compileGlob), path)) return false;
  return !matchesAny(not.map(compileGlob), path);
}

function hasContext(rule: CompiledRule, bytes: string, span: readonly [number, number]): boolean {
  const { context } = rule;
  if (context === undefined) return true;
  const before = bytes.slice(Math.max(0, span[0] - context.before), span[0]).toLowerCase();
  const after = bytes.slice(span[1], span[1] + context.after).toLowerCase();
  return context.words.some((word) => before.includes(word) || after.includes(word));
}

function decode(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

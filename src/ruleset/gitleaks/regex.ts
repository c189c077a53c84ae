import { chooseSecret } from './re2-groups.ts';
import { alwaysHolds } from './re2-literals.ts';
import { parseRe2 } from './re2-parse.ts';
import { printPlain, printTree } from './re2-print.ts';
import { Re2Error } from './re2-tree.ts';

/** One Go pattern as one or more JavaScript patterns over latin-1 text, each with the group `secret`. */
export interface TranslatedRule {
  readonly patterns: readonly {
    readonly source: string;
    readonly ignoreCase: boolean;
    /** True: one of the keywords stands in every match. */
    readonly holdsKeyword: boolean;
  }[];
  readonly notes: readonly string[];
}

/** Translates the `regex` of a rule. `keywords` in lower case. Throws `Re2Error`. */
export function translateRuleRegex(regex: string, secretGroup: number, keywords: readonly string[]): TranslatedRule {
  const tree = parseRe2(regex);
  if (secretGroup > tree.groups) {
    throw new Re2Error(`secretGroup is ${secretGroup}, but the pattern has ${tree.groups} groups`);
  }
  const chosen = chooseSecret(tree, secretGroup);
  const notes = [...tree.notes];
  if (chosen === undefined) {
    notes.push('which group is the secret depends on the text, so the whole match is reported; set secretGroup');
  }
  const patterns = (chosen ?? [{ root: tree.root, secret: 0 }]).map(({ root, secret }) => {
    const printed = printTree(root, secret);
    refuseUnfit(printed.source);
    return { ...printed, holdsKeyword: alwaysHolds(root, keywords) };
  });
  return { patterns, notes };
}

/** Translates a pattern that is only tested (paths, allowlists): source text for a `RegExp` without flags. */
export function translatePlainRegex(regex: string): { readonly source: string; readonly notes: readonly string[] } {
  const tree = parseRe2(regex);
  const source = printPlain(tree.root);
  refuseUnfit(source);
  return { source, notes: tree.notes };
}

function refuseUnfit(source: string): void {
  try {
    new RegExp(source);
  } catch (error) {
    throw new Re2Error(`no JavaScript counterpart: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import { allTexts, asText, type Loose } from '../shared/loose.ts';

const EXPRESSION = /\$\{\{([\s\S]{1,2000}?)\}\}/g;
const NAME = /\bsecrets\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*'([A-Za-z_][A-Za-z0-9_]*)'\s*\])/g;
/** All secrets as one text, or one that is chosen while the workflow runs, for which the runner gets all. */
const WHOLE = /\btoJSON\s*\(\s*secrets\s*\)|\bsecrets\s*\[\s*[^'\s\]]/i;
const PARSED =
  /\bfromJSON\s*\(\s*secrets\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*'([A-Za-z_][A-Za-z0-9_]*)'\s*\])\s*\)/gi;

/**
 * Returns the names of the secrets to which expressions inside a value refer, sorted. Upper case, as GitHub compares
 * them.
 */
export function findSecretNames(value: unknown): readonly string[] {
  const names = new Set<string>();
  for (const expression of expressionsOf(value)) {
    for (const [, dotted, quoted] of expression.matchAll(NAME)) names.add((dotted ?? quoted ?? '').toUpperCase());
  }
  return [...names].sort();
}

/** Returns the names of secrets that an expression parses. Masking in logs does not know the parts of a secret. */
export function findParsedSecrets(value: unknown): readonly string[] {
  const names = new Set<string>();
  for (const expression of expressionsOf(value)) {
    for (const [, dotted, quoted] of expression.matchAll(PARSED)) names.add((dotted ?? quoted ?? '').toUpperCase());
  }
  return [...names].sort();
}

/** True if all secrets are turned into one text. Then every one of them reaches the step. */
export function dumpsSecrets(value: unknown): boolean {
  for (const expression of expressionsOf(value)) if (WHOLE.test(expression)) return true;
  return false;
}

/** True when a called workflow gets every secret. */
export function inheritsSecrets(job: Loose): boolean {
  return asText(job['secrets']) === 'inherit';
}

/** Yields the expressions in `${{ }}`. An `if:` is an expression as a whole. */
function* expressionsOf(value: unknown): Generator<string> {
  for (const { text, path } of allTexts(value)) {
    if (path.at(-1) === 'if') yield text;
    for (const [, expression = ''] of text.matchAll(EXPRESSION)) yield expression;
  }
}

/** What stands where a credential belongs: nothing, the name of a place that has it, a filler, or the value itself. */
export type ValueKind = 'empty' | 'reference' | 'placeholder' | 'literal';

const REFERENCES: readonly RegExp[] = [
  /\$\{[^}]{0,400}\}/,
  /^\$\(/,
  /^\$[A-Za-z_][A-Z0-9_]*$/,
  /^%[A-Za-z_][A-Za-z0-9_]*%$/,
  /\{\{[^}]{0,400}\}\}/,
  /<%.{0,400}%>/,
  /^@[A-Za-z][\w.-]*@$/,
  /#\{[^}]{0,400}\}/,
  /^(?:op|vault|env|keyring|awskms|gcpkms|secretsmanager|ssm):/i,
];
const PLACEHOLDERS: readonly RegExp[] = [
  /^<.*>$|^\[.*\]$/,
  /^(.)\1*$/,
  /x{4,}|\*{3,}|\.{3,}/i,
  /^(?:my|your|the|some|insert|enter|put|add)[-_ ]/i,
  /change[-_ ]?me|replace|placeholder|dummy|redacted|example|todo/i,
  /^(?:password|passwd|pass|secret|token|api[-_]?key|key|none|null|undefined|username|user)$/i,
];
const LONGEST = 4096;

/** Says what a value is. The value itself goes nowhere. */
export function kindOfValue(text: string | undefined): ValueKind {
  const value = (text ?? '').trim();
  if (value === '') return 'empty';
  if (value.length > LONGEST) return 'literal';
  if (REFERENCES.some((pattern) => pattern.test(value))) return 'reference';
  return PLACEHOLDERS.some((pattern) => pattern.test(value)) ? 'placeholder' : 'literal';
}

/** True: the value itself stands there. False: only a reference does. Undefined: a filler or nothing. */
export function isLiteral(...texts: readonly (string | undefined)[]): boolean | undefined {
  const kinds = texts.map(kindOfValue);
  if (kinds.includes('literal')) return true;
  return kinds.includes('reference') ? false : undefined;
}

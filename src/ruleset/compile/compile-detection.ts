import { defined } from '../../lib/fields/defined.ts';
import type { CompiledRule, CredentialProfile, RuleCheck, RuleCompanion, RuleExample } from '../../model/rule.ts';
import { CONTEXT_BEFORE } from '../check/schema.ts';
import type { RawDetectionFile, RawExample, RawRule } from './raw.ts';

const DEFAULT_CREDENTIAL: CredentialProfile = {
  type: 'api_key',
  lifetime: 'unknown',
  environment: 'any',
  public: false,
};
const DEFAULT_REMEDIATION = 'Revoke the credential at its issuer, issue a new one, and keep it out of the code.';

/** Turns one rule of a file into the plain form that detection reads. `source` is `file:line`. */
export function compileRule(raw: RawRule, file: RawDetectionFile, trusted: boolean, source: string): CompiledRule {
  return {
    id: raw.id,
    provider: file.provider,
    title: raw.title,
    description: raw.description ?? '',
    pattern: raw.pattern,
    ignoreCase: raw['ignore-case'] ?? false,
    literals: (raw.literals ?? []).map((literal) => literal.toLowerCase()),
    ...compileScope(raw),
    checks: (raw.checks ?? []).flatMap(compileCheck),
    skipChecks: raw['skip-checks'] ?? [],
    companions: (raw.companions ?? []).map(compileCompanion),
    confidence: raw.confidence ?? 'medium',
    severity: raw.severity ?? 'high',
    credential: { ...DEFAULT_CREDENTIAL, ...raw.credential },
    keys: raw.keys ?? {},
    owasp: raw.owasp ?? ['NHI2'],
    ...defined({ verifier: raw.verifier }),
    remediation: (raw.remediation ?? file.remediation ?? DEFAULT_REMEDIATION).trim(),
    references: raw.references ?? file.references ?? [],
    tags: [...new Set([...(file.tags ?? []), ...(raw.tags ?? [])])],
    examples: {
      match: (raw.examples?.match ?? []).map(compileExample),
      noMatch: (raw.examples?.['no-match'] ?? []).map(compileExample),
    },
    trusted,
    source,
    ...defined({ overlaps: raw.overlaps }),
  };
}

function compileScope(raw: RawRule): Pick<CompiledRule, 'context' | 'paths'> {
  const { context, paths } = raw;
  return {
    ...(context === undefined
      ? {}
      : {
          context: {
            words: context.words.map((word) => word.toLowerCase()),
            before: context.before ?? CONTEXT_BEFORE,
            after: context.after ?? 0,
          },
        }),
    ...(paths === undefined ? {} : { paths: { only: paths.only ?? [], not: paths.not ?? [] } }),
  };
}

function compileCheck(raw: NonNullable<RawRule['checks']>[number]): readonly RuleCheck[] {
  if (typeof raw === 'string') return [{ check: raw, options: {} }];
  return Object.entries(raw).map(([check, options]) => ({ check, options }));
}

function compileCompanion(raw: NonNullable<RawRule['companions']>[number]): RuleCompanion {
  return { rule: raw.rule, as: raw.as, withinLines: raw['within-lines'], required: raw.required ?? false };
}

/** A plain string is a text whose secret is the whole of it. */
function compileExample(raw: RawExample): RuleExample {
  return typeof raw === 'string' ? { text: raw } : raw;
}

import type { CompiledRule } from '../../src/model/rule.ts';

/** A detection rule with the given parts; everything else is as plain as can be. */
export function makeRule(parts: Partial<CompiledRule> & { readonly pattern: string }): CompiledRule {
  return {
    id: 'test-rule',
    provider: 'test',
    title: 'Test rule',
    description: '',
    ignoreCase: false,
    literals: [],
    checks: [],
    skipChecks: [],
    companions: [],
    confidence: 'high',
    severity: 'high',
    credential: { type: 'api_key', lifetime: 'unknown', environment: 'any', public: false },
    keys: {},
    owasp: ['NHI2'],
    remediation: '',
    references: [],
    tags: [],
    examples: { match: [], noMatch: [] },
    trusted: true,
    source: 'test',
    ...parts,
  };
}

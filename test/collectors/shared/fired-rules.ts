import type { DeclarationCollector } from '../../../src/collectors/contract.ts';
import { correlate } from '../../../src/correlate/correlate.ts';
import { readRules } from '../../../src/model/rule-head.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/model/thresholds.ts';
import { evaluatePosture } from '../../../src/posture/evaluate.ts';
import { operators } from '../../../src/posture/operators/index.generated.ts';
import { inputOf } from '../../correlate/build.ts';
import { builtIn } from '../../rules/built-in.ts';
import { declare } from '../declared.ts';

const RULES = readRules(builtIn.posture);
const NOW = new Date('2026-11-01T00:00:00Z');

/** The built-in posture rules that fail for what a collector reads in some files, as `<rule>: <identity>`, sorted. */
export async function firedRules(
  collector: DeclarationCollector,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const declared = await declare(collector, files);
  const { identities } = correlate(inputOf({ identities: declared.identities, pending: declared.edges }));
  const heads = RULES.map((rule) => ({ ...rule, rule: () => rule }));
  const { failures } = evaluatePosture(heads, identities, operators, { now: NOW, thresholds: DEFAULT_THRESHOLDS });
  return failures.map(({ rule, identity }) => `${rule.id}: ${identity.name}`).sort();
}

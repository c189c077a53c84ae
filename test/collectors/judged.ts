import type { DeclarationCollector } from '../../src/collectors/contract.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { evaluatePosture } from '../../src/posture/evaluate.ts';
import { operators } from '../../src/posture/operators/index.generated.ts';
import { builtIn } from '../rules/built-in.ts';
import { declare } from './declared.ts';

const NOW = new Date('2026-11-22T00:00:00Z');

/** Which built-in posture rules fail for what a collector reads in files: `rule id: name`, sorted. */
export async function failuresOf(
  collector: DeclarationCollector,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { identities } = await declare(collector, files);
  const { posture } = builtIn;
  const { failures } = evaluatePosture(posture, identities, operators, { now: NOW, thresholds: DEFAULT_THRESHOLDS });
  return failures.map(({ rule, identity }) => `${rule.id}: ${identity.name}`).sort();
}

/** Ids of the rules that fail for anything in the files. */
export async function failedRules(
  collector: DeclarationCollector,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const failures = await failuresOf(collector, files);
  return [...new Set(failures.map((failure) => failure.split(':')[0] ?? ''))];
}

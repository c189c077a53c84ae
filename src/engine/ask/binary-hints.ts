import { createFastDetector, SURE_BITS } from '../../detect/fast.ts';
import { type CompiledRule, TEXT_ONLY } from '../../model/rule.ts';
import { headOf } from '../../model/rule-head.ts';
import type { Problem } from '../../ruleset/problems.ts';

/**
 * Warnings about rules that stay silent in binaries because random bytes match them. Who wrote one should know that;
 * the tag says that it is meant.
 */
export async function findSilentInBinaries(rules: readonly CompiledRule[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const rule of rules) {
    if (rule.tags.includes(TEXT_ONLY) || !(await firesByChance(rule))) continue;
    const why = `random bytes match it too easily (less than ${SURE_BITS} bits), so it is not applied in binaries`;
    const advice = `make the fixed part or the value longer, or tag it "${TEXT_ONLY}" where that is meant`;
    problems.push({ severity: 'warning', ...placeOf(rule), message: `rule ${rule.id}: ${why}; ${advice}` });
  }
  return problems;
}

async function firesByChance(rule: CompiledRule): Promise<boolean> {
  try {
    const detector = await createFastDetector([headOf(rule)], { wasm: false });
    return detector.firesByChance?.(rule) === true;
  } catch {
    // A pattern that cannot be read is an error already.
    return false;
  }
}

/** A rule names its source as `file:line`. */
function placeOf({ source }: CompiledRule): Pick<Problem, 'file' | 'line' | 'column'> {
  const [, file = source, line = '1'] = /^(.*):(\d+)$/.exec(source) ?? [];
  return { file, line: Number(line), column: 1 };
}

import { compileBounded } from '../../lib/linear/pattern.ts';
import { defineCheck } from '../contract.ts';
import { readText } from '../shared/options.ts';

/** No system has longer paths. Of one that is, nothing can be told: better a match too many. */
const LONGEST = 4096;

/**
 * Limits a rule to paths that a regular expression matches: what gitleaks' `path` says. Globs go into the rule's
 * `paths`.
 */
export default defineCheck({
  id: 'path-pattern',
  title: 'Path by regular expression',
  applies: 'named',
  options: { only: 'JavaScript regular expression that must match somewhere in the path' },
  evaluate({ path, options }) {
    const only = readText(options, 'only', '');
    if (only === '') return { state: 'not-applicable' };
    const pattern = compileBounded(only);
    // What cannot be told in time limits nothing: better a match too many.
    return path.length > LONGEST || pattern.test(path) || pattern.isSlow
      ? { state: 'not-applicable' }
      : { state: 'drop', reason: 'The path is not one that the rule is limited to' };
  },
});

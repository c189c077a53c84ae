import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

const MERGE_REQUEST = /merge_request_event|\$CI_MERGE_REQUEST_\w+/;

/**
 * What starts a job, as far as the file says: `merge_request`, or `push` for everything else. A job without rules
 * follows those of the workflow.
 */
export function triggersOf(job: Loose, workflow: Loose): readonly string[] {
  const rules = job['rules'];
  if (rules !== undefined) return [runsOnMergeRequests(rules) ? 'merge_request' : 'push'];
  const only = job['only'];
  const refs = asTexts(asObject(only)['refs'] ?? only);
  if (refs.length > 0)
    return refs.some((ref) => /^(?:merge_requests|external_pull_requests)$/.test(ref)) ? ['merge_request'] : ['push'];
  return runsOnMergeRequests(workflow['rules']) ? ['merge_request', 'push'] : ['push'];
}

/** A comparison with `!=` and a rule that never runs say the opposite. */
function runsOnMergeRequests(rules: unknown): boolean {
  return asList(rules)
    .map(asObject)
    .some((rule) => {
      const condition = asText(rule['if']) ?? '';
      if (asText(rule['when']) === 'never' || !MERGE_REQUEST.test(condition)) return false;
      return !/!=\s*["']merge_request_event/.test(condition);
    });
}

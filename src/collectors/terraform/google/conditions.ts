import { type LetsIn, subjectLetsIn } from '../oidc-subject.ts';

/** Claims of GitHub's and GitLab's tokens that name where a run comes from. */
const CLAIMS: Readonly<Record<string, LetsIn>> = {
  sub: 'subject',
  repository: 'repository',
  repository_id: 'repository',
  project_path: 'repository',
  project_id: 'repository',
  repository_owner: 'owner',
  repository_owner_id: 'owner',
  namespace_path: 'owner',
  namespace_id: 'owner',
  enterprise: 'owner',
  enterprise_id: 'owner',
};
const ORDER: readonly LetsIn[] = ['subject', 'repository', 'owner', 'other', 'anyone'];

/** Longest condition that is read. */
const LONGEST = 4096;
const COMPARISON =
  /(assertion|attribute|google)\.(\w+)\s*(?:(==|in)\s*(\[[^\]]*\]|'[^']*'|"[^"]*")|\.(startsWith|matches|endsWith|contains)\(\s*('[^']*'|"[^"]*")\s*\))/g;

/**
 * Reads a condition. Parts that are joined by `||` count by the weakest, those that are joined by `&&` by the
 * strongest.
 */
export function readCondition(text: string, mapping: Readonly<Record<string, string>>): LetsIn {
  if (text.length > LONGEST) return 'other';
  return weakest(text.split('||').map((part) => strongest(part, mapping)));
}

function strongest(part: string, mapping: Readonly<Record<string, string>>): LetsIn {
  const kinds = [...part.matchAll(COMPARISON)].map((match) => judge(match, mapping));
  if (kinds.length === 0) return /^\s*(?:true|1\s*==\s*1)?\s*$/.test(part) ? 'anyone' : 'other';
  return kinds.reduce((best, kind) => (ORDER.indexOf(kind) < ORDER.indexOf(best) ? kind : best), 'anyone');
}

function judge(match: RegExpMatchArray, mapping: Readonly<Record<string, string>>): LetsIn {
  const [, root = '', name = '', operator, equal, method, argument] = match;
  const claim = claimOf(root, name, mapping);
  const values = [...(equal ?? argument ?? '').matchAll(/'([^']*)'|"([^"]*)"/g)].map(
    (quoted) => quoted[1] ?? quoted[2] ?? '',
  );
  const kind = claim === undefined ? 'other' : (CLAIMS[claim] ?? 'other');
  if (values.length === 0 || values.some((value) => value === '' || /^\*+$/.test(value))) return 'anyone';
  if (method === 'contains' || method === 'endsWith') return kind === 'other' ? 'other' : 'anyone';
  if (claim === 'sub') return weakest(values.map((value) => subjectLetsIn(value, operator === undefined)));
  return kind;
}

function weakest(kinds: readonly LetsIn[]): LetsIn {
  return kinds.reduce((worst, kind) => (ORDER.indexOf(kind) > ORDER.indexOf(worst) ? kind : worst), 'subject');
}

/** The claim of `assertion.x`, or of the attribute that is mapped from it. */
function claimOf(root: string, name: string, mapping: Readonly<Record<string, string>>): string | undefined {
  if (root === 'assertion') return name;
  return /^assertion\.(\w+)$/.exec(mapping[`${root}.${name}`] ?? '')?.[1];
}

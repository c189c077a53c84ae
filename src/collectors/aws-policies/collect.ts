import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import { analysePermissions } from '../../permissions/aws/analyse.ts';
import { type PolicyDocument, type PolicyValue, readPolicyDocument } from '../../permissions/aws/document.ts';
import { analyseResourcePolicy, ownAccountsIn } from '../../permissions/aws/resource-policy.ts';
import { analyseTrust } from '../../permissions/aws/trust.ts';
import type { DeclaredItem } from '../contract.ts';
import { kindOfPolicy, type PolicyKind } from '../shared/aws-policy-kind.ts';
import { addPermissions, addTrust } from '../shared/aws-principal.ts';
import { type Draft, Drafts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, type Loose } from '../shared/loose.ts';

const COLLECTOR = 'aws-policies';
const SCOPE = 'declarations';
/** Largest file that is read. AWS itself takes 20 KB for the policy of a bucket. */
const MAX_BYTES = 8 * 1024 * 1024;
const BEGINNING = /^\s{0,1000}\{\s{0,1000}"(?:Version|Id|Statement)"/;

/** Reads the files that are policies. What is JSON of another kind says nothing. */
export function* collectPolicyFiles(files: readonly Artifact[]): Generator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const gap = readFile(file, drafts);
    if (gap !== undefined) yield { kind: 'gap', scope: SCOPE, gap };
  }
  yield* drafts.collected();
}

function readFile(file: Artifact, drafts: Drafts): Gap | undefined {
  const { path } = file.origin;
  if (file.bytes.length > MAX_BYTES) {
    return {
      reason: 'too-large',
      subject: path,
      message: `${path}: a policy of more than ${MAX_BYTES} bytes is not read`,
    };
  }
  const text = new TextDecoder().decode(file.bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Only what begins as a policy was meant to be one.
    if (!BEGINNING.test(text)) return undefined;
    return { reason: 'malformed', subject: path, message: `${path}: the policy is no valid JSON and is not read` };
  }
  const policy = asObject(value);
  if (isPolicy(policy)) addPolicy(drafts, file, policy);
  return undefined;
}

/** Other files have statements, too: those of a policy have an effect, and actions. */
function isPolicy(value: Loose): boolean {
  const statements = asList(value['Statement']).map(asObject);
  const isStatement = (statement: Loose): boolean =>
    typeof statement['Effect'] === 'string' && ('Action' in statement || 'NotAction' in statement);
  return statements.length > 0 && statements.every(isStatement);
}

/** Where people keep what limits whole accounts: such a policy gives nothing to anybody. */
const ORGANISATION = /(?:^|[/_.-])(?:(?:service|resource)[-_]?control[-_]?polic(?:y|ies)|scps?|rcps?)(?:[/_.-]|$)/i;

/** Names of policies for endpoints of a private network. */
const ENDPOINT = /(?:^|[/_.-])(?:vpc[-_]?endpoints?|vpce|endpoints?[-_]?polic(?:y|ies))(?:[/_.-]|$)/i;

const TYPES: Readonly<Record<PolicyKind, string>> = {
  permissions: 'iam_policy',
  trust: 'aws_trust_policy',
  resource: 'aws_resource_policy',
};

function addPolicy(drafts: Drafts, { origin }: Artifact, value: Loose): void {
  const start = { line: 1, column: 1 };
  const location = locationOf(COLLECTOR, origin, start, { line: 1, column: 2 });
  const evidence: Evidence = { collector: COLLECTOR, source: origin.path, location };
  const document = readPolicyDocument(value as PolicyValue, location);
  const kind = kindOfPolicy(document);
  const type = kind === 'permissions' && ORGANISATION.test(origin.path) ? 'aws_organization_policy' : TYPES[kind];
  const name = posix.basename(origin.path).replace(/\.json$/i, '');
  const repository = origin.repository ?? '';
  const id = `aws-policy-file:${repository}:${origin.path}`;
  const draft = drafts.identity({ id, type, provider: 'aws', name }, evidence);
  drafts.edge(id, 'declares', { kind: 'repository', value: repository.toLowerCase() }, evidence, true);
  if (kind === 'trust') addTrust(drafts, draft, analyseTrust(document, []), evidence.source, evidence);
  else if (kind === 'resource') addResource(drafts, draft, document, evidence);
  else if (type === 'iam_policy')
    addPermissions(draft, analysePermissions([{ name, source: evidence.source, document }]), evidence.source);
}

/** A file does not tell whose account it is for, so an account is probably a foreign one, and not certainly. */
function addResource(drafts: Drafts, draft: Draft, document: PolicyDocument, evidence: Evidence): void {
  const own = ownAccountsIn(document, false);
  const {
    principals,
    serviceWithoutSource: _,
    trustsExternalAccounts,
    ...facts
  } = analyseResourcePolicy(document, own);
  // Only a network reaches an endpoint, so "everybody" is what AWS itself writes there. A name proves neither.
  const { trustsAnyPrincipal: _any, publicAccess: _public, ...others } = facts;
  setFacts(draft, ENDPOINT.test(evidence.source) ? others : facts, evidence.source);
  const precision = trustsExternalAccounts?.length === 0 ? undefined : 'approximate';
  setFacts(draft, { trustsExternalAccounts }, evidence.source, precision);
  for (const arn of principals) drafts.edge(draft.id, 'trusted-by', { kind: 'aws-arn', value: arn }, evidence, true);
}

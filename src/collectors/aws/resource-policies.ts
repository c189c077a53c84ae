import type { Json } from '../../model/json.ts';
import type { AttachedPolicy } from '../../permissions/aws/analyse.ts';
import type { PatternList, PolicyDocument, Statement } from '../../permissions/aws/document.ts';
import { readPolicyDocument } from '../../permissions/aws/document.ts';
import { analyseResourcePolicy } from '../../permissions/aws/resource-policy.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { type JsonRecord, recordOf, recordsOf, textOf } from './json.ts';
import { RESOURCE_ENDPOINTS, type ResourceEndpoint } from './resource-endpoints.ts';

/** An answer about one resource: the part of its file's name that says which, and the content. */
export interface NamedAnswer {
  readonly name: string;
  readonly answer: JsonRecord;
}

/** What was recorded of resources. `account`: what the account refuses for all of its buckets. */
export type ResourceAnswers = Readonly<Record<ResourceEndpoint, readonly NamedAnswer[]>> & {
  readonly account: readonly JsonRecord[];
};

/** A policy that a resource has. */
interface Held {
  readonly endpoint: ResourceEndpoint;
  readonly arn: string;
  readonly name: string;
  readonly document: PolicyDocument;
}

/** Reads the resource and its policy from an answer. Nothing where the resource has none. */
type Reader = (
  named: NamedAnswer,
  account: string,
) => Pick<Held, 'arn' | 'name'> & { readonly policy: Json | undefined };

const READERS: Readonly<Partial<Record<ResourceEndpoint, Reader>>> = {
  bucketPolicy: ({ name, answer }) => ({ arn: `arn:aws:s3:::${name}`, name, policy: answer['Policy'] }),
  keyPolicy: ({ name, answer }, account) => ({
    arn: `arn:aws:kms:*:${account}:key/${name}`,
    name,
    policy: answer['Policy'],
  }),
  secretPolicy: ({ answer }) => {
    const arn = textOf(answer['ARN']) ?? '';
    return { arn, name: textOf(answer['Name']) ?? lastPart(arn), policy: answer['ResourcePolicy'] };
  },
  queue: ({ answer }) => ofAttributes(answer, 'QueueArn'),
  topic: ({ answer }) => ofAttributes(answer, 'TopicArn'),
  functionPolicy: ({ name, answer }, account) => ({
    arn: `arn:aws:lambda:*:${account}:function:${name}`,
    name,
    policy: answer['Policy'],
  }),
  repositoryPolicy: ({ answer }, account) => {
    const name = textOf(answer['repositoryName']) ?? '';
    const arn = `arn:aws:ecr:*:${textOf(answer['registryId']) ?? account}:repository/${name}`;
    return { arn: name === '' ? '' : arn, name, policy: answer['policyText'] };
  },
};
/** Services of which AWS says that a policy should name the source: others act for one account only. */
const NAMES_SOURCE: readonly ResourceEndpoint[] = ['bucketPolicy', 'queue', 'topic', 'functionPolicy'];
const PUBLIC_GROUP = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;

/** Policies of resources, as their answers give them. */
export function heldPolicies(answers: ResourceAnswers, account: string): readonly Held[] {
  return (Object.keys(READERS) as ResourceEndpoint[]).flatMap((endpoint) =>
    answers[endpoint].flatMap((named) => {
      const read = READERS[endpoint]?.(named, account);
      if (read === undefined || read.arn === '' || textOf(read.policy) === undefined) return [];
      const document = readPolicyDocument(textOf(read.policy));
      return [{ endpoint, arn: statedArn(endpoint, document) ?? read.arn, name: read.name, document }];
    }),
  );
}

/** The policy of a function names the function in each statement, with its region. */
function statedArn(endpoint: ResourceEndpoint, { statements }: PolicyDocument): string | undefined {
  if (endpoint !== 'functionPolicy') return undefined;
  const stated = statements.flatMap(({ resources }) => resources.patterns);
  return stated.find((arn) => /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+$/.test(arn));
}

/** Adds who may use resources: from their policies, and buckets from their access lists, too. */
export function addResourcePolicies(
  drafts: Drafts,
  held: readonly Held[],
  answers: ResourceAnswers,
  account: string,
): void {
  const blocks = new PublicAccessBlocks(answers);
  for (const policy of held) addPolicy(drafts, policy, blocks, account);
  for (const { name, answer } of answers.bucketAcl) addAccessList(drafts, name, answer, blocks, account);
}

function addPolicy(
  drafts: Drafts,
  { endpoint, arn, name, document }: Held,
  blocks: PublicAccessBlocks,
  account: string,
): void {
  const evidence = { collector: 'aws', source: actionOf(endpoint) };
  const draft = drafts.identity(
    { id: `${arn}#policy`, type: 'aws_resource_policy', provider: 'aws', name, account },
    evidence,
  );
  const { principals, serviceWithoutSource, ...facts } = analyseResourcePolicy(document, [account]);
  const isBlocked = endpoint === 'bucketPolicy' && blocks.has(name, 'RestrictPublicBuckets');
  setFacts(draft, { ...facts, ...(isBlocked ? { publicAccess: false } : {}) }, evidence.source, 'exact');
  if (NAMES_SOURCE.includes(endpoint)) setFacts(draft, { serviceWithoutSource }, evidence.source, 'exact');
  for (const principal of principals)
    drafts.edge(draft.id, 'trusted-by', { kind: 'aws-arn', value: principal }, evidence, true);
}

/** An access list opens a bucket whatever its policy says, unless such lists are ignored. */
function addAccessList(
  drafts: Drafts,
  name: string,
  answer: JsonRecord,
  blocks: PublicAccessBlocks,
  account: string,
): void {
  const uris = recordsOf(answer['Grants']).map((grant) => textOf(recordOf(grant['Grantee'])['URI']) ?? '');
  if (!uris.some((uri) => PUBLIC_GROUP.test(uri)) || blocks.has(name, 'IgnorePublicAcls')) return;
  const evidence = { collector: 'aws', source: actionOf('bucketAcl') };
  const head = { id: `arn:aws:s3:::${name}#policy`, type: 'aws_resource_policy', provider: 'aws', name, account };
  setFacts(drafts.identity(head, evidence), { publicAccess: true }, evidence.source, 'exact');
}

/** What buckets refuse as a whole, each for itself or the account for all. */
class PublicAccessBlocks {
  private readonly account: readonly JsonRecord[];
  private readonly buckets: ReadonlyMap<string, JsonRecord>;

  constructor({ account, bucketAccess }: ResourceAnswers) {
    this.account = account.map(settingsOf);
    this.buckets = new Map(bucketAccess.map(({ name, answer }) => [name, settingsOf(answer)]));
  }

  has(bucket: string, setting: 'RestrictPublicBuckets' | 'IgnorePublicAcls'): boolean {
    const all = [...this.account, this.buckets.get(bucket) ?? {}];
    return all.some((settings) => settings[setting] === true);
  }
}

function settingsOf(answer: JsonRecord): JsonRecord {
  return recordOf(answer['PublicAccessBlockConfiguration']);
}

/**
 * What policies of resources allow users and roles of the account, by their ARNs. Within an account that is enough:
 * nobody needs a policy of their own beside it.
 */
export function grantedByResources(held: readonly Held[], account: string): ReadonlyMap<string, AttachedPolicy[]> {
  const granted = new Map<string, AttachedPolicy[]>();
  for (const policy of held) {
    for (const [arn, statements] of statementsByPrincipal(policy, account)) {
      const source = actionOf(policy.endpoint);
      const attached = { name: `on ${policy.name}`, source, document: { statements, unknown: false } };
      const list = granted.get(arn) ?? [];
      granted.set(arn, list);
      list.push(attached);
    }
  }
  return granted;
}

function statementsByPrincipal({ arn, document }: Held, account: string): ReadonlyMap<string, Statement[]> {
  const byPrincipal = new Map<string, Statement[]>();
  for (const statement of document.statements) {
    if (statement.effect !== 'Allow') continue;
    const own = { ...statement, principals: [], resources: limitTo(arn, statement.resources) };
    for (const { kind, value } of statement.principals) {
      if (kind !== 'AWS' || !isOwnPrincipal(value, account)) continue;
      const list = byPrincipal.get(value) ?? [];
      byPrincipal.set(value, list);
      list.push(own);
    }
  }
  return byPrincipal;
}

function isOwnPrincipal(arn: string, account: string): boolean {
  const [, , service, , owner, part = ''] = arn.split(':');
  return service === 'iam' && owner === account && /^(?:user|role)\/[^*?$]+$/.test(part);
}

/** A policy of a resource is about nothing else, whatever it names: `*` is the resource. */
function limitTo(arn: string, { patterns, except }: PatternList): PatternList {
  const isInside = (pattern: string): boolean => pattern === arn || pattern.startsWith(`${arn}/`);
  const named = except ? [] : patterns.filter(isInside);
  const all = arn.startsWith('arn:aws:s3:') ? [arn, `${arn}/*`] : [arn];
  return {
    patterns: named.length > 0 && named.length === patterns.length ? named : all,
    except: false,
    unknown: false,
  };
}

function ofAttributes(answer: JsonRecord, field: string): ReturnType<Reader> {
  const attributes = recordOf(answer['Attributes']);
  const arn = textOf(attributes[field]) ?? '';
  return { arn, name: lastPart(arn), policy: attributes['Policy'] };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

/** The action that reads the policy: the last that is needed. */
function actionOf(endpoint: ResourceEndpoint): string {
  return RESOURCE_ENDPOINTS[endpoint].needs.split(', ').at(-1) ?? endpoint;
}

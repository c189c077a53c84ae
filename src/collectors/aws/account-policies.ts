import { defined } from '../../lib/fields/defined.ts';
import type { Json } from '../../model/json.ts';
import {
  type AttachedPolicy,
  type Boundary,
  PermissionAnalyser,
  type PermissionFacts,
} from '../../permissions/aws/analyse.ts';
import type { PolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument } from '../../permissions/aws/managed.ts';
import { asText } from '../shared/loose.ts';
import { Documents } from './documents.ts';
import { type JsonRecord, recordOf, recordsOf, textOf } from './json.ts';

/** The answer that names users, roles, groups and policies. */
export const DETAILS_SOURCE = 'iam:GetAccountAuthorizationDetails';

/** What policies of resources allow, by the ARN of whom they name. */
export type Granted = ReadonlyMap<string, readonly AttachedPolicy[]>;

/** A group, with the policies that it gives its members. */
export interface Group {
  readonly record: JsonRecord;
  readonly arn: string | undefined;
  readonly policies: readonly AttachedPolicy[];
}

/** All policies of an account: a list continues from page to page. Says what a principal may do. */
export class AccountPolicies {
  readonly groups: ReadonlyMap<string, Group>;
  /** Documents by their text. */
  readonly texts = new Documents();
  readonly analyser: PermissionAnalyser;
  /** By ARN. Policies of AWS that the dump lacks are added when somebody has them. */
  private readonly documents: Map<string, PolicyDocument>;
  private readonly granted: Granted;

  constructor(pages: readonly JsonRecord[], granted: Granted) {
    const { texts } = this;
    this.granted = granted;
    this.documents = new Map(allOf(pages, 'Policies').flatMap((policy) => documentEntry(texts, policy)));
    this.analyser = new PermissionAnalyser((arn) => this.documents.get(arn) ?? managedPolicyDocument(arn));
    this.groups = new Map();
    this.groups = new Map(allOf(pages, 'GroupDetailList').map((record) => this.readGroup(record)));
  }

  /** What all policies of a user or role allow together. */
  factsOf(record: JsonRecord, arn: string): PermissionFacts {
    return this.analyser.analyse(this.policiesOf(record), this.boundaryOf(record), arn);
  }

  /** The document of a policy of the account. */
  own(arn: string): PolicyDocument | undefined {
    return this.documents.get(arn);
  }

  /** Its policies are read once, so that all members share their documents. */
  private readGroup(record: JsonRecord): [name: string, group: Group] {
    const arn = textOf(record['Arn']);
    return [textOf(record['GroupName']) ?? '', { record, arn, policies: this.policiesOf(record) }];
  }

  /** Returns inline and attached policies, those of the groups of a user, and what resources allow by themselves. */
  private policiesOf(record: JsonRecord): AttachedPolicy[] {
    const inline = ['UserPolicyList', 'RolePolicyList', 'GroupPolicyList'].flatMap((list) => recordsOf(record[list]));
    const attached = recordsOf(record['AttachedManagedPolicies']);
    return [
      ...inline.map((policy) => this.inlinePolicy(policy)),
      ...attached.map((policy) => this.managedPolicy(policy)),
      ...(this.granted.get(textOf(record['Arn']) ?? '') ?? []),
      ...groupNames(record).flatMap(
        (name) => this.groups.get(name)?.policies ?? [{ name: `group ${name}`, source: DETAILS_SOURCE }],
      ),
    ];
  }

  private inlinePolicy(policy: JsonRecord): AttachedPolicy {
    const name = textOf(policy['PolicyName']) ?? 'inline';
    return { name, source: DETAILS_SOURCE, document: this.texts.read(policy['PolicyDocument']) };
  }

  private managedPolicy(policy: JsonRecord): AttachedPolicy {
    const arn = textOf(policy['PolicyArn']) ?? '';
    const document = this.documentOf(arn);
    return { name: textOf(policy['PolicyName']) ?? arn, source: DETAILS_SOURCE, ...defined({ document }) };
  }

  private documentOf(arn: string): PolicyDocument | undefined {
    const known = this.documents.get(arn);
    if (known !== undefined) return known;
    const document = managedPolicyDocument(arn);
    if (document !== undefined) this.documents.set(arn, document);
    return document;
  }

  private boundaryOf(record: JsonRecord): Boundary | undefined {
    const arn = textOf(recordOf(record['PermissionsBoundary'])['PermissionsBoundaryArn']);
    return arn === undefined ? undefined : (this.documentOf(arn) ?? 'unknown');
  }
}

/** A list of all pages. */
export function allOf(pages: readonly JsonRecord[], list: string): readonly JsonRecord[] {
  return pages.flatMap((page) => recordsOf(page[list]));
}

/** Names of the groups of a user. */
export function groupNames(user: JsonRecord): readonly string[] {
  const names = Array.isArray(user['GroupList']) ? (user['GroupList'] as readonly Json[]) : [];
  return names.map((name) => asText(name) ?? 'without a name');
}

/** The default version of a managed policy. Without one nobody knows what it allows. */
function documentEntry(texts: Documents, policy: JsonRecord): [arn: string, document: PolicyDocument][] {
  const arn = textOf(policy['Arn']);
  const current = recordsOf(policy['PolicyVersionList']).find((version) => isDefault(policy, version));
  if (arn === undefined || current === undefined) return [];
  return [[arn, texts.read(current['Document'])]];
}

/** By its own mark, else by the id that the policy names. */
function isDefault(policy: JsonRecord, version: JsonRecord): boolean {
  const mark = version['IsDefaultVersion'];
  const id = textOf(version['VersionId']);
  return typeof mark === 'boolean' ? mark : id !== undefined && id === textOf(policy['DefaultVersionId']);
}

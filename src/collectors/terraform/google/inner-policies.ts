import { childBodies, type HclBody } from '../../../lib/hcl/index.ts';
import { type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { itemsOf, resolve } from '../resolve.ts';

/** Access lists that are written into a resource, and not as an IAM binding. */
const LISTS: Readonly<Record<string, (module: TerraformModule, block: TerraformBlock) => readonly unknown[]>> = {
  google_bigquery_dataset: (module, block) =>
    childBodies(block.body, 'access').flatMap(({ body }) => accessMembers(module, body)),
  google_bigquery_dataset_access: (module, block) => accessMembers(module, block.body),
  google_storage_bucket_access_control: (module, block) => [textIn(module, block.body, 'entity')],
  google_storage_default_object_access_control: (module, block) => [textIn(module, block.body, 'entity')],
  google_storage_object_access_control: (module, block) => [textIn(module, block.body, 'entity')],
  google_storage_bucket_acl: storageAcl,
  google_storage_default_object_acl: storageAcl,
  google_storage_object_acl: storageAcl,
};

const PUBLIC = new Set(['allUsers', 'allAuthenticatedUsers']);
const PUBLIC_ACLS: ReadonlySet<unknown> = new Set(['publicRead', 'publicReadWrite', 'authenticatedRead']);
/** What a list of access entries names that is not known. */
const NOT_KNOWN = Symbol('not known');

/** Adds the access lists of buckets and datasets: who is everybody in them is public. */
export function addInnerPolicies(module: TerraformModule, drafts: Drafts): void {
  for (const [type, read] of Object.entries(LISTS)) {
    for (const block of resourcesOf(module, type)) {
      const members = read(module, block);
      if (members.length === 0) continue;
      const id = declaredId(module, block.address);
      const head = { id, type: 'gcp_iam_policy', provider: 'gcp', name: block.address };
      const draft = addDeclared(module, drafts, block, head);
      const open = members.some((member) => typeof member === 'string' && PUBLIC.has(member));
      const vague = members.some((member) => member === NOT_KNOWN);
      const facts = { publicAccess: open ? true : vague ? undefined : false, grantLevel: 'resource' };
      setFacts(draft, facts, evidenceOf(block).source);
    }
  }
}

function accessMembers(module: TerraformModule, body: HclBody): readonly unknown[] {
  const names = ['special_group', 'iam_member', 'user_by_email', 'group_by_email', 'domain'];
  const members = names.filter((name) => attributeValue({ body }, name) !== undefined);
  return members.map((name) => textIn(module, body, name));
}

/** `role_entity = ["READER:allUsers"]`, or a predefined list. */
function storageAcl(module: TerraformModule, block: TerraformBlock): readonly unknown[] {
  const predefined = textIn(module, block.body, 'predefined_acl');
  const entries = (itemsOf(block, 'role_entity') ?? []).map((item) => resolve(module, item));
  const entities = entries.map((entry) =>
    typeof entry === 'string' ? entry.slice(entry.indexOf(':') + 1) : NOT_KNOWN,
  );
  return [...entities, ...(PUBLIC_ACLS.has(predefined) ? ['allUsers'] : [])];
}

/** A text that is known in full, or the mark that it is not. */
function textIn(module: TerraformModule, body: HclBody, name: string): unknown {
  const value = attributeValue({ body }, name);
  if (value === undefined) return undefined;
  const text = resolve(module, value);
  return typeof text === 'string' && !text.includes('${') ? text : NOT_KNOWN;
}

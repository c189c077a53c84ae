import type { CollectContext, Collected } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { addAccessKey, addReport, addSummary, listKeys } from './credentials.ts';
import { type JsonRecord, recordsOf, textOf } from './json.ts';
import { addGroupsAndPolicies, addPrincipal } from './principals.ts';
import { type OpenRecording, readLastUse } from './recorded.ts';
import { type ReportRow, readReport } from './report.ts';
import { addResourcePolicies, grantedByResources, heldPolicies } from './resource-policies.ts';
import { addProviders, addSecrets } from './stores.ts';
import { PrincipalsWork } from './work.ts';

/** What a recording says. Threads share the principals. */
export async function* collectIdentities(
  context: CollectContext,
  { account, pages, resources, ledger, dump }: OpenRecording,
): AsyncGenerator<Collected> {
  const drafts = new Drafts();
  const held = heldPolicies(resources, account);
  const shared = { pages: pages.details, granted: grantedByResources(held, account) };
  const work = new PrincipalsWork(shared, (...principal) => addPrincipal(drafts, account, ...principal));
  yield { kind: 'work', work };
  addGroupsAndPolicies(drafts, pages.details, work.policies);
  addResourcePolicies(drafts, held, resources, account);
  const reports = pages.report.map(readReport);
  const rows = reports.flatMap((report) => report.rows);
  addReport(drafts, rows, account);
  addSummary(drafts, pages.summary, account);
  addProviders(drafts, pages.oidc);
  addSecrets(drafts, pages.secrets);
  const byUser = new Map(rows.map((row) => [row.user, row]));
  const arns = userArns(pages.details, byUser);
  for (const key of listKeys(pages.keys)) {
    if (context.signal?.aborted === true) return;
    const arn = arns.get(key.user) ?? `arn:aws:iam::${account}:user/${key.user}`;
    const { use, gap } = await readLastUse(dump, key.id);
    if (gap !== undefined) yield gap;
    addAccessKey(drafts, key, arn, byUser, use);
  }
  yield* ledger;
  for (const gap of reports.flatMap(({ gaps }) => gaps)) yield { kind: 'gap', scope: 'report', gap };
  yield* drafts.collected();
}

/** ARNs of users by name; a user's path is part of the ARN. */
function userArns(details: readonly JsonRecord[], rows: ReadonlyMap<string, ReportRow>): ReadonlyMap<string, string> {
  const arns = new Map([...rows.values()].map((row) => [row.user, row.arn]));
  for (const page of details) {
    for (const user of recordsOf(page['UserDetailList'])) {
      const name = textOf(user['UserName']);
      const arn = textOf(user['Arn']);
      if (name !== undefined && arn !== undefined) arns.set(name, arn);
    }
  }
  return arns;
}

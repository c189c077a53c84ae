import type { Finding } from '../model/finding.ts';
import { type Identity, knownTier } from '../model/identity.ts';
import { kindOfType } from '../model/identity-kinds.ts';
import { compareText } from '../model/location.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { type CsvColumn, writeCsv } from './shared/csv.ts';
import { groupBy, openFindings } from './shared/findings.ts';
import {
  attributeText,
  declarationOf,
  type Inventory,
  indexInventory,
  ownersOf,
  sortGrants,
} from './shared/inventory.ts';
import { describePlace } from './shared/words.ts';

const LISTED_GRANTS = 20;
const LISTED_SOURCES = 20;

/** The order is part of the format: new columns go to the end. */
const COLUMNS: readonly CsvColumn<Row>[] = [
  ['id', ({ identity }) => identity.id],
  ['type', ({ identity }) => identity.type],
  ['provider', ({ identity }) => identity.provider],
  ['account', ({ identity }) => identity.account ?? ''],
  ['name', ({ identity }) => identity.name],
  ['privilege_tier', ({ identity }) => String(knownTier(identity) ?? '')],
  ['status', ({ identity }) => attributeText(identity, 'status') ?? ''],
  ['auth_method', ({ identity }) => attributeText(identity, 'authMethod') ?? ''],
  ['owners', ({ identity, inventory }) => ownersOf(inventory, identity).join('; ')],
  ['owner_state', ({ identity }) => attributeText(identity, 'ownerState') ?? ''],
  ['created_at', ({ identity }) => attributeText(identity, 'createdAt') ?? ''],
  ['last_used_at', ({ identity }) => attributeText(identity, 'lastUsedAt') ?? ''],
  ['last_rotated_at', ({ identity }) => attributeText(identity, 'lastRotatedAt') ?? ''],
  ['expires_at', ({ identity }) => attributeText(identity, 'expiresAt') ?? ''],
  ['grants', ({ identity }) => grantsText(identity)],
  ['open_findings', ({ findings }) => String(findings.length)],
  ['highest_score', ({ findings }) => highestScore(findings)],
  ['exposed_secrets', ({ findings }) => String(findings.filter((finding) => finding.kind === 'secret').length)],
  ['declared_at', ({ identity, inventory }) => declaredAt(identity, inventory)],
  ['sources', ({ identity }) => sourcesText(identity)],
  ['repository', ({ identity }) => declarationOf(identity)?.repository ?? ''],
  ['kind', ({ identity }) => kindOfType(identity.type)],
];

interface Row {
  readonly identity: Identity;
  readonly inventory: Inventory;
  readonly findings: readonly Finding[];
}

export default defineReporter({
  id: 'identities',
  title: 'The inventory as a table for a spreadsheet: one identity a row',
  extension: 'csv',
  write(report: Report, _: RenderOptions, put: Put): void {
    const inventory = indexInventory(report);
    const byIdentity = groupBy(openFindings(report), (finding) => finding.identityId ?? '');
    const identities = [...report.identities].sort((a, b) => compareText(a.id, b.id));
    writeCsv(
      COLUMNS,
      identities.map((identity) => ({ identity, inventory, findings: byIdentity.get(identity.id) ?? [] })),
      put,
    );
  },
});

function grantsText(identity: Identity): string {
  const grants = sortGrants(identity);
  const listed = grants.slice(0, LISTED_GRANTS).map((grant) => `${grant.permission} on ${grant.resource}`);
  if (grants.length > LISTED_GRANTS) listed.push(`${grants.length - LISTED_GRANTS} more`);
  return listed.join('; ');
}

function highestScore(findings: readonly Finding[]): string {
  const scores = findings.map((finding) => finding.score.value).sort((a, b) => b - a);
  return scores[0]?.toFixed(1) ?? '';
}

function declaredAt(identity: Identity, { repositories }: Inventory): string {
  const location = declarationOf(identity);
  return location === undefined ? '' : describePlace(location, repositories);
}

function sourcesText(identity: Identity): string {
  const sources = [...new Set(identity.evidence.map((evidence) => `${evidence.collector}: ${evidence.source}`))];
  const listed = sources.slice(0, LISTED_SOURCES);
  const more = sources.length - listed.length + (identity.moreEvidence ?? 0);
  return [...listed, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

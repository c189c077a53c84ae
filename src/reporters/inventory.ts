import type { Finding } from '../model/finding.ts';
import { type Identity, privilegeOf } from '../model/identity.ts';
import { type IdentityKind, kindOfType } from '../model/identity-kinds.ts';
import { compareText } from '../model/location.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { groupBy, openFindings, primaryPlace } from './shared/findings.ts';
import { renderCoverage } from './shared/human-coverage.ts';
import { makePage, type Page, severityStyles } from './shared/human-page.ts';
import {
  attributeText,
  declarationOf,
  describeLifecycle,
  type Inventory,
  indexInventory,
  sortGrants,
} from './shared/inventory.ts';
import { capitalise, countOf, describeOutcome, describePlace, describeType, joinWords } from './shared/words.ts';

const SHOWN_GRANTS = 3;
/**
 * Kinds in the order in which they are listed, with what stands above them. Support nodes own or hold identities: they
 * are listed only when verbose, or where something was found about them.
 */
const KINDS: readonly (readonly [kind: IdentityKind, title: string])[] = [
  ['identity', 'Identities'],
  ['credential', 'Credentials'],
  ['permissions', 'Policies, roles and groups'],
  ['consumer', 'Consumers: what uses identities'],
  ['support', 'People and places'],
];

/** Identities first: by type, the most powerful first, with what each may do and what was found about it. */
export default defineReporter({
  id: 'inventory',
  title: 'Text for a terminal: the identities, what each may do and what was found about it',
  extension: 'txt',
  write(report: Report, options: RenderOptions, put: Put): void {
    const page = makePage(options, put);
    const inventory = indexInventory(report);
    const open = openFindings(report);
    const findings = groupBy(open, (finding) => finding.identityId ?? '');
    const shown = report.identities.filter((identity) => {
      return options.verbose || findings.has(identity.id) || kindOfType(identity.type) !== 'support';
    });
    const ids = new Set<string>(shown.map((identity) => identity.id));
    for (const [kind, title] of KINDS) {
      const identities = shown.filter((identity) => kindOfType(identity.type) === kind);
      if (identities.length > 0) renderKind(page, { title, identities, inventory, findings }, options);
    }
    if (shown.length === 0) page.paragraph('No identity was found.', 0);
    const loose = open.filter((finding) => !ids.has(finding.identityId ?? ''));
    renderLoose(page, inventory, loose);
    renderCoverage(page, report, options);
    page.gap();
    page.paragraph(describeOutcome(report), 0, ['bold']);
  },
});

interface KindSection {
  readonly title: string;
  readonly identities: readonly Identity[];
  readonly inventory: Inventory;
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
}

/** All of one kind, by type. */
function renderKind(page: Page, section: KindSection, options: RenderOptions): void {
  const { title, identities, inventory, findings } = section;
  page.heading(`${title} (${identities.length})`);
  const types = groupBy([...identities].sort(compareIdentities), (identity) => identity.type);
  for (const [type, list] of [...types].sort(([a], [b]) => compareText(a, b))) {
    page.gap();
    page.line(0, [`${capitalise(describeType(type))} (${list.length})`, 'bold']);
    for (const identity of list) renderIdentity(page, inventory, identity, findings.get(identity.id) ?? [], options);
  }
}

/** The most powerful first; unknown power comes before harmless: nobody has ruled it out. */
function compareIdentities(a: Identity, b: Identity): number {
  return (privilegeOf(a) ?? 2) - (privilegeOf(b) ?? 2) || compareText(a.name, b.name) || compareText(a.id, b.id);
}

function renderIdentity(
  page: Page,
  inventory: Inventory,
  identity: Identity,
  findings: readonly Finding[],
  options: RenderOptions,
): void {
  const account = identity.account === undefined ? '' : `, ${identity.account}`;
  page.line(2, [identity.name, 'bold'], [`  (${identity.provider}${account})`, 'dim']);
  page.paragraph(describeLifecycle(inventory, identity), 4);
  const grants = sortGrants(identity);
  const shownCount = options.verbose ? grants.length : SHOWN_GRANTS;
  for (const { permission, resource, tier } of grants.slice(0, shownCount)) {
    page.line(
      4,
      ['may ', 'dim'],
      [`${permission} on ${resource}`],
      [`  tier ${tier}`, ...(tier === 0 ? (['red'] as const) : [])],
    );
  }
  if (grants.length > shownCount) page.paragraph(`and ${countOf(grants.length - shownCount, 'more grant')}`, 4);
  const declared = declarationOf(identity);
  if (declared !== undefined)
    page.line(4, ['declared at ', 'dim'], [describePlace(declared, inventory.repositories), 'cyan']);
  const sources = [...new Set(identity.evidence.map(({ collector }) => collector))].sort(compareText);
  if (sources.length > 1) page.line(4, ['known from ', 'dim'], [joinWords(sources)]);
  if (options.verbose) renderAttributes(page, identity);
  for (const finding of findings) renderFinding(page, inventory, finding, 4);
}

function renderAttributes(page: Page, identity: Identity): void {
  page.line(4, ['id ', 'dim'], [identity.id]);
  for (const name of Object.keys(identity.attributes).sort(compareText)) {
    const source = identity.attributes[name]?.source ?? '';
    page.line(4, [`${name} `, 'dim'], [attributeText(identity, name) ?? ''], [`  from ${source}`, 'dim']);
  }
}

function renderFinding(page: Page, inventory: Inventory, finding: Finding, indent: number): void {
  const { severity, score, title, id } = finding;
  const place = primaryPlace(finding);
  page.line(
    indent,
    [severity.toUpperCase(), ...severityStyles(severity)],
    [` ${score.value.toFixed(1)} `],
    [title],
    [place === undefined ? '' : `  ${describePlace(place, inventory.repositories)}`, 'cyan'],
    [`  ${id}`, 'dim'],
  );
}

/** Secrets that no known identity stands behind: the part of the inventory that is missing. */
function renderLoose(page: Page, inventory: Inventory, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  page.heading(`No identity known (${findings.length})`);
  for (const finding of findings) renderFinding(page, inventory, finding, 2);
}

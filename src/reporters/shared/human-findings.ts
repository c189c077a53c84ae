import { cleanText, displayWidth } from '../../lib/text/terminal.ts';
import type { Finding, SecretFinding } from '../../model/finding.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { Report } from '../../model/report.ts';
import type { RenderOptions } from '../contract.ts';
import { countPlaces, distinctPlaces, groupBy, isPresent } from './findings.ts';
import { type Page, severityStyles } from './human-page.ts';
import {
  describeIdentity,
  describeLifecycle,
  type Inventory,
  identityOf,
  indexInventory,
  type PathStep,
  traceGrants,
  traceIdentity,
} from './inventory.ts';
import { countOf, describePlace, describeTier, describeVerdict, formatDay } from './words.ts';

const SHOWN_PLACES = 3;
const SHOWN_GRANTS = 3;
const SHOWN_OWNERS = 5;
const SHOWN_IDENTITIES = 3;

/** One block per secret, worst first. */
export function renderSecrets(page: Page, report: Report, open: readonly Finding[], options: RenderOptions): void {
  const inventory = indexInventory(report);
  for (const finding of open) {
    if (finding.kind !== 'secret') continue;
    page.gap();
    renderTitle(page, finding);
    renderSecret(page, finding, options);
    renderPlaces(page, inventory, finding, options);
    renderOwners(page, finding);
    renderIdentity(page, inventory, finding, options);
    renderScore(page, finding, options);
    if (options.verbose) renderEvidence(page, finding);
    page.field('Next', finding.remediation);
  }
}

function renderTitle(page: Page, finding: Finding): void {
  const { severity, score, title, id } = finding;
  page.line(
    0,
    [severity.toUpperCase(), ...severityStyles(severity)],
    [` ${score.value.toFixed(1)}`, 'bold'],
    [`  ${title}`, 'bold'],
    [finding.isNew === true ? '  new' : '', 'bold', 'yellow'],
    [`  ${id}`, 'dim'],
  );
}

function renderSecret(page: Page, finding: SecretFinding, options: RenderOptions): void {
  const { secret, verdict, confidence, ruleId, message } = finding;
  const shown = secret.shown(options.showSecrets);
  page.field('Secret', `${shown}  ${countOf(secret.length, 'character')}, ${describeVerdict(verdict)}`);
  page.field('Rule', `${ruleId}, confidence ${confidence}`);
  if (message !== '') page.field('What', message);
}

function renderPlaces(page: Page, inventory: Inventory, finding: Finding, options: RenderOptions): void {
  const places = distinctPlaces(finding).sort((a, b) => Number(isPresent(b)) - Number(isPresent(a)));
  const shownCount = options.verbose ? places.length : SHOWN_PLACES;
  places.slice(0, shownCount).forEach((place, index) => {
    page.field(index === 0 ? 'Where' : '', describePlace(place, inventory.repositories), index === 0 ? ['cyan'] : []);
    if (options.verbose && place.author !== undefined) {
      page.field('', `  by ${place.author} ${formatDay(place.date ?? '')}`);
    }
  });
  const more = countPlaces(finding) - Math.min(shownCount, places.length);
  if (more > 0) page.field('', `and ${countOf(more, 'more place')}${options.verbose ? '' : ' (--verbose lists them)'}`);
  if (places.length > 0 && places.every((place) => place.commit !== undefined && !isPresent(place))) {
    page.field('', 'Not in the current tree. Whoever has the history still has the secret.');
  }
}

function renderOwners(page: Page, finding: Finding): void {
  if (finding.owners.length === 0) return;
  const owners = finding.owners.slice(0, SHOWN_OWNERS).map(({ name, how, state }) => {
    return `${name} (${how}${state === 'gone' ? ', gone' : ''})`;
  });
  const more = finding.owners.length - owners.length;
  page.field('Owner', [...owners, ...(more > 0 ? [`${more} more`] : [])].join(', '));
}

function renderIdentity(page: Page, inventory: Inventory, finding: Finding, options: RenderOptions): void {
  const steps = traceIdentity(inventory, finding);
  if (steps.length === 0) {
    page.field('Opens', 'unknown: no collector that was asked knows this credential', ['dim']);
    return;
  }
  page.field('Opens', 'this secret');
  steps.forEach((step, depth) => {
    renderStep(page, step, depth, true);
  });
  const identity = identityOf(inventory, finding) ?? steps.at(-1)?.identity;
  if (identity === undefined) return;
  const grants = traceGrants(inventory, identity, options.verbose ? identity.grants.length : SHOWN_GRANTS);
  grants.forEach((step, index) => {
    renderStep(page, step, steps.length, index === grants.length - 1);
  });
  page.field('', describeLifecycle(inventory, identity));
}

function renderStep(page: Page, step: PathStep, depth: number, last: boolean): void {
  const tier = step.grant === undefined ? '' : tierText(step.grant.tier, page.width - stepWidth(step, depth));
  const doubt = step.confidence === undefined || step.confidence === 'proven' ? '' : `  (${step.confidence})`;
  page.line(
    11 + depth * 3,
    [last ? '└─ ' : '├─ ', 'dim'],
    [`${step.relation} `, 'dim'],
    [step.label, ...(step.identity === undefined ? [] : (['bold'] as const))],
    [tier, ...(step.grant?.tier === 0 ? (['red'] as const) : (['dim'] as const))],
    [doubt, 'dim'],
  );
}

/** With its meaning where that still fits the line. */
function tierText(tier: PrivilegeTier, width: number): string {
  const full = `  tier ${tier}: ${describeTier(tier)}`;
  return full.length <= width ? full : `  tier ${tier}`;
}

function stepWidth(step: PathStep, depth: number): number {
  return 11 + (depth + 1) * 3 + step.relation.length + 1 + displayWidth(step.label);
}

function renderScore(page: Page, finding: Finding, options: RenderOptions): void {
  const { value, range, vector, factors } = finding.score;
  const [best, worst] = range;
  const spread = best === worst ? '' : ` (${best.toFixed(1)} to ${worst.toFixed(1)}, by what is not known)`;
  page.field('Score', `${value.toFixed(1)}${spread}  ${vector}`);
  for (const factor of factors) {
    const weight = options.verbose ? ` [${factor.id}:${factor.code} ${factor.weight}]` : '';
    page.field('', `- ${factor.sentence}${weight}`);
  }
}

function renderEvidence(page: Page, finding: SecretFinding): void {
  const facts = Object.entries(finding.facts).map(([name, value]) => `${name}: ${factText(value)}`);
  if (facts.length > 0) page.field('Facts', facts.join('; '));
  for (const check of finding.checks) page.field('Check', `${check.check}: ${check.state}, ${check.reason}`);
  if (finding.alsoMatched.length > 0) page.field('Also', `matched by ${finding.alsoMatched.join(', ')}`);
  for (const reference of finding.references) page.field('Read', reference);
  page.field('Print', finding.fingerprint);
}

function factText(value: unknown): string {
  return cleanText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Posture findings grouped by rule: what and what to do once, then the identities. */
export function renderPosture(page: Page, report: Report, open: readonly Finding[], options: RenderOptions): void {
  const inventory = indexInventory(report);
  const posture = open.filter((finding) => finding.kind === 'posture');
  for (const [ruleId, group] of groupBy(posture, (finding) => finding.ruleId)) {
    const [worst] = group;
    if (worst === undefined) continue;
    page.gap();
    page.line(
      0,
      [worst.severity.toUpperCase(), ...severityStyles(worst.severity)],
      [` ${worst.score.value.toFixed(1)}`, 'bold'],
      [`  ${worst.title}`, 'bold'],
      [`  ${ruleId}`, 'dim'],
    );
    const shownCount = options.verbose ? group.length : SHOWN_IDENTITIES;
    for (const finding of group.slice(0, shownCount)) renderPostureItem(page, inventory, finding, options);
    if (group.length > shownCount)
      page.field(
        '',
        `and ${countOf(group.length - shownCount, 'more identity', 'more identities')} (--verbose lists them)`,
      );
    page.field('Next', worst.remediation);
  }
}

function renderPostureItem(page: Page, inventory: Inventory, finding: Finding, options: RenderOptions): void {
  const identity = identityOf(inventory, finding);
  const name = identity === undefined ? (finding.identityId ?? 'no identity') : describeIdentity(identity);
  page.field('Who', `${name}  ${finding.severity} ${finding.score.value.toFixed(1)}  ${finding.id}`, ['bold']);
  if (finding.message !== '') page.field('', finding.message);
  renderPlaces(page, inventory, finding, options);
  if (!options.verbose) return;
  renderOwners(page, finding);
  if (identity !== undefined) page.field('', describeLifecycle(inventory, identity));
  renderScore(page, finding, options);
}

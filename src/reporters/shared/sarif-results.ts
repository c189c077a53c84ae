import { createHash } from 'node:crypto';
import type { Result, Location as SarifLocation } from 'sarif';
import { encodePath } from '../../lib/text/encode-path.ts';
import { cutText } from '../../lib/text/escape.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import { countPlaces, distinctPlaces, groupBy, isFilePlace, isPresent } from './findings.ts';
import { describeIdentity, describeLifecycle, type Inventory, identityOf, repositoryOf } from './inventory.ts';
import { type Anchor, physicalLocation, regionOf } from './sarif-anchor.ts';
import { buildCodeFlows } from './sarif-flow.ts';
import { baseOf } from './sarif-repositories.ts';
import { levelOf, type RuleVariant, variantId } from './sarif-rules.ts';
import { countOf, describePlace, describeVerdict } from './words.ts';

/** GitHub refuses more than 1,000 locations in a result and keeps 100. */
const MOST_LOCATIONS = 100;
const LINKED_PLACES = 5;
const MESSAGE_LENGTH = 4000;

/** A result and the rule variant that it belongs to. */
export interface BuiltResult {
  readonly rule: RuleVariant;
  readonly result: Result;
}

/**
 * One result per alert that code scanning can tell apart, in the order given. Findings of one rule whose line has the
 * same hash in the same file are one alert there, so they become one result here.
 */
export function buildResults(inventory: Inventory, anchors: readonly Anchor[]): BuiltResult[] {
  const groups = groupBy(anchors, (anchor) => `${variantId(anchor.finding)}\n${anchor.mergeKey}`);
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    return first === undefined ? [] : [buildResult(inventory, first, others)];
  });
}

function buildResult(inventory: Inventory, first: Anchor, others: readonly Anchor[]): BuiltResult {
  const findings = [first.finding, ...others.map((anchor) => anchor.finding)];
  const rule = { id: variantId(first.finding), findings };
  const linked = linkedPlaces(first);
  const locations = [
    { physicalLocation: physicalLocation(first.uri, first.base, first.region) },
    ...furtherPlaces(first).map((place) => placeLocation(inventory, place)),
  ];
  const related = linked.map((place, index) => ({ ...placeLocation(inventory, place), id: index + 1 }));
  const flows = buildCodeFlows(inventory, first);
  const result: Result = {
    ruleId: rule.id,
    level: levelOf(first.finding.severity),
    rank: Math.round(first.finding.score.value * 100) / 10,
    ...baselineOf(findings),
    message: { text: cutText(messageText(inventory, first, others, linked), MESSAGE_LENGTH) },
    locations: locations.slice(0, MOST_LOCATIONS),
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(flows.length === 0 ? {} : { codeFlows: flows }),
    partialFingerprints: {
      primaryLocationLineHash: first.lineHash,
      'bowerbirdFingerprint/v1': joinIds(findings),
    },
    properties: propertiesOf(first, findings),
  };
  return { rule, result };
}

/** Of an incremental run: what the earlier run had is `unchanged`. */
function baselineOf(findings: readonly Finding[]): { readonly baselineState?: 'new' | 'unchanged' } {
  if (findings.every((finding) => finding.isNew === undefined)) return {};
  return { baselineState: findings.some((finding) => finding.isNew === true) ? 'new' : 'unchanged' };
}

/** One id as it is; several as the hash of their sorted list. */
function joinIds(findings: readonly Finding[]): string {
  const ids = [...new Set(findings.map((finding) => finding.id))].sort();
  if (ids.length === 1) return ids.join('');
  return createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32);
}

function propertiesOf(anchor: Anchor, findings: readonly Finding[]): Record<string, unknown> {
  const { finding, part, place } = anchor;
  const commit = part === 'history' && place?.commit !== undefined ? { commit: place.commit } : {};
  return {
    'nhi.score': finding.score.value,
    'nhi.vector': finding.score.vector,
    'nhi.confidence': finding.confidence,
    owaspNhi: finding.owasp,
    ...(finding.identityId === undefined ? {} : { identityId: cleanText(finding.identityId) }),
    findingIds: findings.map((finding) => finding.id),
    places: countPlaces(finding),
    ...(finding.kind === 'secret' ? { verdict: finding.verdict.state, fingerprint: finding.fingerprint } : {}),
    ...(place?.repository === undefined ? {} : { repository: cleanText(place.repository) }),
    ...commit,
  };
}

function placeLocation(inventory: Inventory, place: Location): SarifLocation {
  const base = baseOf(inventory, place.repository);
  return { physicalLocation: physicalLocation(encodePath(place.path), base, regionOf(place)) };
}

/** Other places of the same secret in files of the current tree. */
function furtherPlaces(anchor: Anchor): Location[] {
  if (anchor.part === 'history') return [];
  const anchorKey = anchor.place === undefined ? '' : placeKey(anchor.place);
  return distinctPlaces(anchor.finding).filter((place) => {
    return placeKey(place) !== anchorKey && isPresent(place) && isFilePlace(place);
  });
}

function placeKey({ repository = '', path, startLine, startColumn }: Location): string {
  return `${repository}\n${path}\n${startLine}\n${startColumn}`;
}

function linkedPlaces(anchor: Anchor): Location[] {
  return furtherPlaces(anchor).slice(0, LINKED_PLACES);
}

/** The first sentence is the alert's title. */
function messageText(
  inventory: Inventory,
  first: Anchor,
  others: readonly Anchor[],
  linked: readonly Location[],
): string {
  const { finding } = first;
  const sentences = [
    `${foreign(finding.title)}.`,
    whatText(finding),
    foreign(finding.message),
    repositoryText(inventory, finding),
    historyText(first, inventory.repositories),
    identityText(inventory, finding),
    `Score ${finding.score.value.toFixed(1)} of 10 (${foreign(finding.score.vector)}).`,
    ...finding.score.factors.map((factor) => foreign(factor.sentence)),
    elsewhereText(first, linked, inventory.repositories),
    othersText(others),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Text of others inside a message: brackets before a parenthesis would be a link. */
function foreign(text: string): string {
  return cleanText(text).replace(/\]\s*\(/g, '], (');
}

function whatText(finding: Finding): string {
  if (finding.kind === 'posture') return '';
  return `Value ${foreign(finding.secret.redacted)}, ${foreign(describeVerdict(finding.verdict))}.`;
}

function repositoryText(inventory: Inventory, finding: Finding): string {
  const repository = repositoryOf(inventory, finding);
  return inventory.repositories.length < 2 || repository === undefined
    ? ''
    : `In the repository ${foreign(repository)}.`;
}

function historyText({ part, place }: Anchor, repositories: readonly string[]): string {
  if (part === 'head' || place === undefined) return '';
  return `It is no longer in the tree, only in the history: ${foreign(describePlace(place, repositories))}.`;
}

function identityText(inventory: Inventory, finding: Finding): string {
  const identity = identityOf(inventory, finding);
  if (identity === undefined) return '';
  const verb = finding.kind === 'secret' ? 'It opens' : 'It concerns';
  return `${verb} ${foreign(describeIdentity(identity))}: ${foreign(describeLifecycle(inventory, identity))}.`;
}

function elsewhereText(anchor: Anchor, linked: readonly Location[], repositories: readonly string[]): string {
  const links = linked.map((place, index) => `[${linkText(describePlace(place, repositories))}](${index + 1})`);
  const more = countPlaces(anchor.finding) - 1 - linked.length;
  if (links.length === 0) return more > 0 ? `The same value stands at ${countOf(more, 'more place')}.` : '';
  return `The same value stands at ${links.join(', ')}${more > 0 ? ` and ${countOf(more, 'more place')}` : ''}.`;
}

function linkText(text: string): string {
  return text.replace(/[[\]\\]/g, '_');
}

function othersText(others: readonly Anchor[]): string {
  if (others.length === 0) return '';
  const each = others.map(({ finding }) => {
    const value = finding.kind === 'secret' ? `${foreign(finding.secret.redacted)}: ` : '';
    return `${value}${foreign(finding.message)} (${finding.id})`;
  });
  return `The same line has ${countOf(others.length, 'more finding')} of this rule: ${each.join('; ')}`;
}

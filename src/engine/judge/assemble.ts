import { hash } from 'node:crypto';
import type { Suppressor } from '../../config/suppress.ts';
import type { Correlated, SecretGroup } from '../../correlate/correlate.ts';
import { uniqueLocations } from '../../correlate/places.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Exposure } from '../../model/artifact.ts';
import type { Finding, Owner, PostureFinding, Score, SecretFinding, Suppression } from '../../model/finding.ts';
import type { Edge, Identity } from '../../model/identity.ts';
import { compareText } from '../../model/location.ts';
import type { Match } from '../../model/match.ts';
import type { PostureRule } from '../../model/rule.ts';
import { NOT_TRIED, type Verdict } from '../../model/verdict.ts';
import { renderMessage } from '../../posture/evaluate.ts';
import type { Factor, RiskSubject } from '../../risk/contract.ts';
import { scoreFailure } from '../../risk/posture-score.ts';
import { scoreSubject, severityOf } from '../../risk/score.ts';
import { subjectOfIdentity } from '../../risk/subject.ts';

/** Places listed per finding; the rest is counted. */
const LISTED_LOCATIONS = 1000;

/** What turns groups and failed posture rules into findings. */
export interface AssembleInput {
  readonly correlated: Correlated;
  readonly failures: readonly { readonly rule: PostureRule; readonly identity: Identity }[];
  readonly confirmed: readonly ConfirmedMatch[];
  readonly suppressor: Suppressor;
  readonly factors: readonly Factor[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Exposure of places whose collector could not tell. */
  readonly exposure: Exposure;
  readonly now: Date;
}

/** All findings, scored, worst first, then by id. */
export function assembleFindings(input: AssembleInput): Finding[] {
  const graph = indexGraph(input.correlated);
  const lines = new Map(input.confirmed.map((confirmed) => [confirmed.match, confirmed]));
  const keep = createScoreStore();
  const secrets = input.correlated.groups.map((group) => toSecretFinding(input, graph, { lines, keep }, group));
  const about = { scores: createPostureScores(input, graph, keep), places: createPlaces() };
  const postures = input.failures.map(({ rule, identity }) => toPostureFinding(input, graph, rule, identity, about));
  return [...secrets, ...postures].sort((a, b) => b.score.value - a.score.value || compareText(a.id, b.id));
}

interface Graph {
  readonly identities: ReadonlyMap<string, Identity>;
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
  readonly owners: ReadonlyMap<string, readonly Owner[]>;
}

function indexGraph(correlated: Correlated): Graph {
  const edges = new Map<string, Edge[]>();
  for (const edge of correlated.edges) {
    for (const end of new Set([edge.from, edge.to])) appendTo(edges, end, edge);
  }
  const identities = new Map<string, Identity>(correlated.identities.map((identity) => [identity.id, identity]));
  return { identities, edges, owners: correlated.owners };
}

function appendTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Equal scores are one object: a hundred thousand passwords of one file have the same. */
function createScoreStore(): (score: Score) => Score {
  const known = new Map<string, Score>();
  return (score) => {
    const sentences = score.factors.map(({ sentence }) => sentence);
    const key = [score.vector, ...score.range, ...sentences].join('\n');
    const equal = known.get(key) ?? score;
    known.set(key, equal);
    return equal;
  };
}

/** What findings of secrets share. */
interface Shared {
  readonly lines: ReadonlyMap<Match, ConfirmedMatch>;
  readonly keep: (score: Score) => Score;
}

function toSecretFinding(
  input: AssembleInput,
  graph: Graph,
  { lines, keep }: Shared,
  group: SecretGroup,
): SecretFinding {
  const id = secretFindingId(group.fingerprint);
  const identity = group.identityId === undefined ? undefined : graph.identities.get(group.identityId);
  const verdict = input.verdicts.get(group.fingerprint) ?? NOT_TRIED;
  const score = keep(scoreSubject(secretSubject(input, graph, group, identity, verdict), input.factors));
  const suppression = suppressGroup(input.suppressor, lines, group, id);
  const { rule } = group;
  return {
    kind: 'secret',
    id,
    ruleId: rule.id,
    title: rule.title,
    severity: severityOf(score.value),
    confidence: group.confidence,
    message: secretMessage(group, identity),
    score,
    facts: group.facts,
    owasp: rule.owasp,
    locations: group.locations.slice(0, LISTED_LOCATIONS),
    moreLocations: Math.max(0, group.locations.length - LISTED_LOCATIONS),
    remediation: rule.remediation,
    references: rule.references,
    owners: group.owners,
    grade: group.grade,
    secret: group.secret,
    fingerprint: group.fingerprint,
    verdict,
    checks: group.checks,
    alsoMatched: group.alsoMatched,
    ...(identity === undefined ? {} : { identityId: identity.id }),
    ...defined({ suppression }),
  };
}

function secretSubject(
  input: AssembleInput,
  graph: Graph,
  group: SecretGroup,
  identity: Identity | undefined,
  verdict: Verdict,
): RiskSubject {
  const exposure = group.exposure === 'unknown' ? input.exposure : group.exposure;
  const credential = group.credentialId === undefined ? undefined : graph.identities.get(group.credentialId);
  return {
    now: input.now,
    thresholds: input.thresholds,
    grade: group.grade,
    verdict,
    locations: group.locations,
    exposure,
    places: group.places,
    credential: group.rule.credential,
    facts: group.facts,
    owners: group.owners,
    edges: identity === undefined ? [] : (graph.edges.get(identity.id) ?? []),
    ...defined({ identity, credentialIdentity: credential, exposedAt: group.exposedAt }),
  };
}

function secretMessage(group: SecretGroup, identity: Identity | undefined): string {
  const [first] = group.locations;
  const cell = first?.cell === undefined ? '' : `, cell ${first.cell}`;
  const place = first === undefined ? '' : ` in ${first.path === '' ? (first.part ?? 'a message') : first.path}${cell}`;
  const many = group.locations.length > 1 ? ` and ${group.locations.length - 1} more places` : '';
  const behind = identity === undefined ? '' : ` It opens ${identity.type} ${identity.name}.`;
  return `${group.rule.title}${place}${many}.${behind}`;
}

/** A group is accepted when its id is, or when every one of its matches is: one open place keeps the finding open. */
function suppressGroup(
  suppressor: Suppressor,
  lines: ReadonlyMap<Match, ConfirmedMatch>,
  group: SecretGroup,
  findingId: string,
): Suppression | undefined {
  const { fingerprint } = group;
  let last: Suppression | undefined;
  for (const match of group.matches) {
    const { lineText = '', accepted } = lines.get(match) ?? {};
    last = suppressor.match({ match, lineText, fingerprint, findingId, ...defined({ accepted }) });
    if (last === undefined) return undefined;
  }
  return last;
}

type PostureScores = (identity: Identity, severity: PostureRule['severity']) => Score;

/** Scores an identity once for all rules of one severity. */
function createPostureScores(input: AssembleInput, graph: Graph, keep: (score: Score) => Score): PostureScores {
  const risks = new Map<Identity, Score>();
  const scores = new Map<Score, Map<string, Score>>();
  return (identity, severity) => {
    const risk = risks.get(identity) ?? keep(scoreSubject(postureSubject(input, graph, identity), input.factors));
    risks.set(identity, risk);
    const known = scores.get(risk) ?? new Map<string, Score>();
    const score = known.get(severity) ?? scoreFailure(risk, severity);
    scores.set(risk, known.set(severity, score));
    return score;
  };
}

type Places = Pick<PostureFinding, 'locations' | 'moreLocations'>;

/** Lists the places of an identity once: all of its findings share the list. */
function createPlaces(): (identity: Identity) => Places {
  const known = new Map<Identity, Places>();
  return (identity) => {
    const places = known.get(identity) ?? placesOf(identity);
    known.set(identity, places);
    return places;
  };
}

function placesOf({ evidence, moreEvidence = 0 }: Identity): Places {
  const all = uniqueLocations(evidence.flatMap(({ location }) => (location === undefined ? [] : [location])));
  return {
    locations: all.slice(0, LISTED_LOCATIONS),
    moreLocations: Math.max(0, all.length - LISTED_LOCATIONS) + moreEvidence,
  };
}

/** What all findings about one identity share. */
interface AboutIdentities {
  readonly scores: PostureScores;
  readonly places: (identity: Identity) => Places;
}

function toPostureFinding(
  input: AssembleInput,
  graph: Graph,
  rule: PostureRule,
  identity: Identity,
  { scores, places }: AboutIdentities,
): PostureFinding {
  const id = postureFindingId(rule.id, identity.id);
  const score = scores(identity, rule.severity);
  const suppression = input.suppressor.id(id);
  return {
    kind: 'posture',
    id,
    ruleId: rule.id,
    title: rule.title,
    severity: severityOf(score.value),
    confidence: rule.confidence,
    message: renderMessage(rule, identity),
    score,
    facts: {},
    owasp: rule.owasp,
    identityId: identity.id,
    ...places(identity),
    remediation: rule.remediation,
    references: rule.references,
    owners: graph.owners.get(identity.id) ?? [],
    ...defined({ suppression }),
  };
}

function postureSubject(input: AssembleInput, graph: Graph, identity: Identity): RiskSubject {
  const owners = graph.owners.get(identity.id) ?? [];
  const edges = graph.edges.get(identity.id) ?? [];
  return subjectOfIdentity({ now: input.now, thresholds: input.thresholds, identity, owners, edges });
}

/** Id of the finding about one secret: from its keyed fingerprint only, so it survives moves and rule changes. */
export function secretFindingId(fingerprint: string): string {
  return `s-${fingerprint.slice(0, 20)}`;
}

/** Id of the finding of one posture rule about one identity. */
export function postureFindingId(ruleId: string, identity: string): string {
  return `p-${hash('sha256', `${ruleId}\n${identity}`).slice(0, 20)}`;
}

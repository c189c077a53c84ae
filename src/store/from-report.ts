import { defined } from '../lib/fields/defined.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/gap.ts';
import { knownTier } from '../model/identity.ts';
import type { JsonFinding, JsonIdentity, JsonReport } from '../model/json-report.ts';
import { type Location, objectOf } from '../model/location.ts';
import type { AttemptResult, EdgeRow, FindingRow, IdentityRow, PlaceRow, ScopeResult } from './contract.ts';

/** What the report of one repository is stored as. */
export interface ReportUse {
  /** False for an incremental report, which lists only what is new. */
  readonly whole: boolean;
  readonly tipsHash?: string;
  readonly settingsHash?: string;
  readonly incrementalState?: string;
}

/** The parts of a JSON report that are stored. */
export type StoredReport = Pick<JsonReport, 'coverage' | 'findings' | 'identities' | 'edges'>;

/** Scopes in which a collector reads declarations: absent where no file declares anything. */
const DECLARATIONS = /^declarations\b/;
/** The place of a finding that has none: it holds of the repository as a whole. */
const NOWHERE = { object: '', path: '', line: 0, column: 0, location: {} } as const;

/** States of coverage from good to bad. */
const STATES: readonly string[] = ['ok', 'partial', 'failed'] satisfies Coverage['state'][];

/**
 * Makes rows of the report that the JSON reporter writes of one repository. A scope is a collector: a location says
 * which collector read it, and nothing finer. So a collector counts as read where all that it planned was read.
 */
export function fromReport(report: StoredReport, use: ReportUse): AttemptResult {
  const { whole, ...repository } = use;
  const owners = ownersOf(report);
  const carriers = report.coverage.filter(({ scope }) => !DECLARATIONS.test(scope));
  return {
    ...repository,
    whole,
    scopes: scopesOf(report.coverage),
    restRead: carriers.length > 0 && carriers.every(({ state }) => state === 'ok'),
    findings: report.findings.map(findingRow),
    identities: report.identities.map((identity) => identityRow(identity, owners)),
    edges: report.edges.map(edgeRow),
  };
}

function scopesOf(coverage: readonly Coverage[]): readonly ScopeResult[] {
  const scopes = new Map<string, ScopeResult>();
  for (const { collector, state, planned, scanned, bytes, gaps } of coverage) {
    const before = scopes.get(collector);
    if (before === undefined) scopes.set(collector, { scope: collector, state, planned, scanned, bytes, gaps });
    else
      scopes.set(collector, {
        scope: collector,
        state: worseOf(before.state, state),
        planned: before.planned + planned,
        scanned: before.scanned + scanned,
        bytes: before.bytes + bytes,
        gaps: [...before.gaps, ...gaps],
      });
  }
  return [...scopes.values()];
}

function worseOf(a: ScopeResult['state'], b: ScopeResult['state']): ScopeResult['state'] {
  return STATES.indexOf(a) >= STATES.indexOf(b) ? a : b;
}

/** The row of a finding. A raw value, which a report has only with `--show-secrets`, never comes so far. */
export function findingRow(finding: JsonFinding): FindingRow {
  const { id, kind, ruleId, title, severity, score, vector, verdict, suppression, owners, locations } = finding;
  const { locations: _, moreLocations, verdict: __, isNew, secret, ...rest } = finding;
  const { value: ___, ...shown } = secret ?? {};
  return {
    id,
    kind,
    rule: ruleId,
    title,
    severity,
    score,
    vector,
    verdict: verdict?.state ?? 'not-verifiable',
    verdictReason: verdict?.reason ?? '',
    owner: owners[0]?.name ?? '',
    suppressed: suppression !== undefined,
    body: { ...rest, moreLocations, ...(secret === undefined ? {} : { secret: shown }) },
    places: placesOf(kind, locations),
  };
}

function placesOf(kind: Finding['kind'], locations: readonly Location[]): readonly PlaceRow[] {
  if (locations.length === 0) return [{ ...NOWHERE, scope: '', history: false }];
  return locations.map((location) => ({
    scope: location.collector,
    object: objectOf(location),
    path: location.path,
    line: location.startLine,
    column: location.startColumn,
    history: kind === 'secret' && location.commit !== undefined,
    location,
  }));
}

function ownersOf({ edges }: StoredReport): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { kind, from, to } of edges) if (kind === 'owns' && !owners.has(to)) owners.set(to, from);
  return owners;
}

function identityRow(identity: JsonIdentity, owners: ReadonlyMap<string, string>): IdentityRow {
  const { id, kind, type, provider, name, evidence } = identity;
  const tier = knownTier(identity);
  return {
    id,
    kind,
    type,
    provider,
    name,
    ...defined({ tier }),
    owner: owners.get(id) ?? '',
    scope: evidence[0]?.collector ?? '',
    body: identity,
  };
}

function edgeRow({ from, kind, to, evidence, ...rest }: StoredReport['edges'][number]): EdgeRow {
  return { from, kind, to, scope: evidence[0]?.collector ?? '', body: { ...rest, evidence } };
}

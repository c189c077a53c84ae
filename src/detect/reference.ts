import type { Artifact } from '../model/artifact.ts';
import type { CompiledRule } from '../model/rule.ts';
import type { Candidate, Detector } from './contract.ts';
import { createPathFilter, type PathFilter } from './path-filter.ts';
import { compareCandidates, hasContext, touchesRanges } from './semantics.ts';

interface Ready {
  readonly rule: CompiledRule;
  readonly pattern: RegExp;
  readonly accepts: PathFilter;
}

/**
 * The definition of what a rule finds: its pattern over the whole text, one latin-1 character a byte. Slow and
 * obviously right; every other engine is tested against it.
 */
export function createReferenceDetector(rules: readonly CompiledRule[]): Detector {
  const ready = rules.map((rule) => ({
    rule,
    pattern: new RegExp(rule.pattern, rule.ignoreCase ? 'dgi' : 'dg'),
    accepts: createPathFilter(rule),
  }));
  return { scan: (artifact) => scanWhole(ready, artifact) };
}

function scanWhole(ready: readonly Ready[], artifact: Artifact): Candidate[] {
  const text = Buffer.from(artifact.bytes.buffer, artifact.bytes.byteOffset, artifact.bytes.length).toString('latin1');
  const candidates: Candidate[] = [];
  for (const { rule, pattern, accepts } of ready) {
    if (!accepts(artifact.origin.path)) continue;
    for (const match of text.matchAll(pattern)) {
      const candidate = toCandidate(rule, match);
      if (hasContext(rule, text, candidate.secret)) candidates.push(candidate);
    }
  }
  return candidates.filter((candidate) => touchesRanges(candidate.match, artifact.ranges)).sort(compareCandidates);
}

function toCandidate(rule: CompiledRule, match: RegExpMatchArray): Candidate {
  const spans = match.indices?.groups ?? {};
  const range = (span: readonly number[]) => ({ start: span[0] ?? 0, end: span[1] ?? 0 });
  const groups = Object.entries(spans).filter(([name, span]) => name !== 'secret' && span !== undefined);
  return {
    rule,
    match: range(match.indices?.[0] ?? []),
    secret: range(spans['secret'] ?? match.indices?.[0] ?? []),
    groups: Object.fromEntries(groups.map(([name, span]) => [name, range(span)])),
  };
}

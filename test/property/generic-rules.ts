import { join } from 'node:path';
import { checks } from '../../src/detect/checks/index.generated.ts';
import { type ConfirmedMatch, confirmCandidates } from '../../src/detect/confirm.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { CompiledRule } from '../../src/model/rule.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { builtIn } from '../rules/built-in.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
const NOW = new Date('2026-11-22T00:00:00Z');

export const allRules: readonly CompiledRule[] = readRules(builtIn.detection);
export const genericRules: readonly CompiledRule[] = allRules.filter((rule) => rule.provider === 'generic');

/** Scans a text with some rules by the reference engine and the real checks; placeholders are included. */
export function scanText(rules: readonly CompiledRule[], text: string, path: string): readonly ConfirmedMatch[] {
  const artifact: Artifact = { origin: { collector: 'files', path }, bytes: Buffer.from(text) };
  const candidates = createReferenceDetector(rules).scan(artifact);
  return confirmCandidates(artifact, candidates, { checks, now: NOW }).matches;
}

/** What of it counts as a finding. */
export function findSecrets(text: string, path: string): readonly ConfirmedMatch[] {
  return scanText(genericRules, text, path).filter(({ match }) => match.grade === 'secret');
}

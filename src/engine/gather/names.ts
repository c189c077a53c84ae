import type { Names } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { countByte } from '../../lib/bytes/binary.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DetectStage } from '../plan/contract.ts';
import { isSure } from './detect-stage.ts';

const LF = 10;
/** Texts that are scanned in one go. */
const CHUNK = 16_384;
/** Most names of one list that are looked at closely. */
const MOST_NAMES = 10_000;

/** What names hold. */
export interface ExaminedNames {
  readonly matches: ConfirmedMatch[];
  readonly gaps: Gap[];
}

/**
 * Looks for secrets in names. All are scanned in one go, as lines of one text: to look at each alone would cost as much
 * as its file. Only names that hold something are looked at again, alone. Rules that judge by words are silent, and
 * nothing is decoded.
 */
export function examineNames(stage: DetectStage, names: Names): ExaminedNames {
  const examined: ExaminedNames = { matches: [], gaps: [] };
  let namesLeft = MOST_NAMES;
  for (let from = 0; from < names.texts.length; from += CHUNK) {
    for (const index of suspects(stage, names, from)) {
      namesLeft -= 1;
      if (namesLeft >= 0) examineName(stage, names, index, examined);
    }
  }
  if (namesLeft < 0) examined.gaps.push(tooMany(names, namesLeft));
  return examined;
}

/** Numbers of the names in a chunk that hold something, each once. */
function suspects({ detector }: DetectStage, { texts, originOf }: Names, from: number): ReadonlySet<number> {
  const chunk = texts.slice(from, from + CHUNK);
  const bytes = joinLines(chunk);
  const candidates = detector.scan({ origin: { ...originOf(from), path: '' }, bytes });
  const numbers = new Set<number>();
  let line = from;
  let counted = 0;
  for (const { secret } of [...candidates].sort((a, b) => a.secret.start - b.secret.start)) {
    line += countByte(bytes, LF, counted, secret.start);
    counted = secret.start;
    numbers.add(line);
  }
  return numbers;
}

/** A name that holds a line break must not become two. */
function joinLines(texts: readonly string[]): Buffer {
  const bytes = Buffer.from(texts.join('\n'));
  if (countByte(bytes, LF, 0, bytes.length) === texts.length - 1) return bytes;
  return Buffer.from(texts.map((text) => text.replaceAll('\n', ' ')).join('\n'));
}

function examineName(stage: DetectStage, { texts, originOf }: Names, index: number, examined: ExaminedNames): void {
  const artifact: Artifact = { origin: originOf(index), bytes: Buffer.from(texts[index] ?? '') };
  const candidates = stage.detector.scan(artifact).filter(({ rule }) => isSure(stage, rule));
  if (candidates.length > 0) examined.matches.push(...stage.confirm(artifact, candidates).matches);
}

function tooMany({ texts }: Names, namesLeft: number): Gap {
  const message = `${texts.length} names: more than ${MOST_NAMES} of them look like secrets, so ${-namesLeft} were not looked at`;
  return { reason: 'limit', subject: 'names', message };
}

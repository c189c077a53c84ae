import { createHash } from 'node:crypto';
import type { PhysicalLocation, Region } from 'sarif';
import { defined } from '../../lib/fields/defined.ts';
import { encodePath } from '../../lib/text/encode-path.ts';
import type { Finding } from '../../model/finding.ts';
import { compareLocations, compareText, type Location } from '../../model/location.ts';
import { isFilePlace, isPresent } from './findings.ts';
import { declarationOf, type Inventory, identityOf } from './inventory.ts';
import { hashLines } from './line-hash.ts';
import { baseOf } from './sarif-repositories.ts';

/** The place that code scanning shows a finding at, and the hash that it knows the alert by. */
export interface Anchor {
  readonly finding: Finding;
  readonly part: 'head' | 'history';
  /** Relative to `base` and percent-encoded. */
  readonly uri: string;
  /** Name of the root that the path begins at. */
  readonly base: string;
  readonly region: Region;
  /** `primaryLocationLineHash`. */
  readonly lineHash: string;
  /** Alerts that agree in rule and this text are one alert for code scanning. */
  readonly mergeKey: string;
  readonly place?: Location;
}

/** Hashes of the lines of a file of the scanned tree; undefined where it cannot be read. */
export type HashFile = (path: string) => readonly string[] | undefined;

/** Reads and hashes each file of one rendering once. */
export function makeFileHasher(readFile: ((path: string) => string | undefined) | undefined): HashFile {
  const cache = new Map<string, readonly string[] | undefined>();
  return (path) => {
    if (!cache.has(path)) {
      const text = readFile?.(path);
      cache.set(path, text === undefined ? undefined : hashLines(text));
    }
    return cache.get(path);
  };
}

/**
 * Where a finding is anchored: a file of the current tree; else an artifact of our own below `.bowerbird/`, for what
 * has no file, or no longer has one.
 */
export function anchorFinding(inventory: Inventory, finding: Finding, hashFile: HashFile): Anchor {
  const present = finding.locations.filter((place) => isPresent(place));
  const files = present.filter(isFilePlace);
  const file = files.find((place) => hashFile(place.path) !== undefined) ?? files[0];
  if (file !== undefined) return anchorAtFile(inventory, finding, file, hashFile);
  const [text] = present;
  if (text !== undefined) return anchorAside(inventory, finding, `text/${text.collector}/${finding.id}`, text);
  const [past] = [...finding.locations].sort(compareAge);
  return past === undefined
    ? anchorAtIdentity(inventory, finding, hashFile)
    : anchorInHistory(inventory, finding, past);
}

function anchorAtFile(inventory: Inventory, finding: Finding, place: Location, hashFile: HashFile): Anchor {
  const uri = encodePath(place.path);
  const base = baseOf(inventory, place.repository);
  const hashed = hashFile(place.path)?.[place.startLine - 1];
  const lineHash = hashed ?? ownHash(finding);
  const mergeKey = [base, uri, lineHash].join('\n');
  return { finding, part: 'head', uri, base, region: regionOf(place), lineHash, mergeKey, place };
}

/** A place that the file tree does not have: alerts there have a stable name and no source to show. */
function anchorAside(inventory: Inventory, finding: Finding, path: string, place?: Location): Anchor {
  const uri = encodePath(`.bowerbird/${path}`);
  const lineHash = ownHash(finding);
  const base = baseOf(inventory, place?.repository);
  const mergeKey = [base, uri, lineHash].join('\n');
  const where = defined({ place });
  return { finding, part: 'head', uri, base, region: TOP, lineHash, mergeKey, ...where };
}

/**
 * A secret that is only in the history gets an artifact of its own, even if a file has the same path today. An alert at
 * a line without the secret would mislead, and an alert that moves when the file is deleted would lose its dismissal.
 */
function anchorInHistory(inventory: Inventory, finding: Finding, place: Location): Anchor {
  const { part, path, commit } = place;
  const name = isFilePlace(place) ? path : `${part}/${path === '' ? commit : path}`;
  const uri = encodePath(`.bowerbird/history/${name}`);
  const lineHash = ownHash(finding);
  const base = baseOf(inventory, place.repository);
  const mergeKey = [base, uri, lineHash].join('\n');
  return { finding, part: 'history', uri, base, region: regionOf(place), lineHash, mergeKey, place };
}

/** Files first, then the oldest place: new commits do not change which place comes first. */
function compareAge(a: Location, b: Location): number {
  return (
    Number(isFilePlace(b)) - Number(isFilePlace(a)) || compareText(a.date ?? '', b.date ?? '') || compareLocations(a, b)
  );
}

function anchorAtIdentity(inventory: Inventory, finding: Finding, hashFile: HashFile): Anchor {
  const identity = identityOf(inventory, finding);
  const declared = identity === undefined ? undefined : declarationOf(identity);
  if (declared !== undefined && isPresent(declared)) return anchorAtFile(inventory, finding, declared, hashFile);
  const type = identity?.type ?? 'identity';
  const name = (finding.identityId ?? finding.id).replace(/[\\/]/g, '-');
  return anchorAside(inventory, finding, `inventory/${type}/${name}`);
}

/** For places without a line that could be hashed: same form, from the content-based id, so it survives everything. */
function ownHash(finding: Finding): string {
  const digest = createHash('sha256').update(`bowerbird/${finding.id}`).digest('hex');
  return `${digest.slice(0, 16)}:1`;
}

/** A region that is never empty or backwards, whatever a collector said. */
export function regionOf(place: Location): Region {
  const { startLine, startColumn, endLine, endColumn } = place;
  const last = Math.max(startLine, endLine);
  const end = last === startLine ? Math.max(endColumn, startColumn + 1) : endColumn;
  return { startLine, startColumn, endLine: last, endColumn: end };
}

/** For what has no lines. */
const TOP: Region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };

/** A physical location; `uri` is relative to the root that `base` names. */
export function physicalLocation(uri: string, base: string, region: Region): PhysicalLocation {
  return { artifactLocation: { uri, uriBaseId: base }, region };
}

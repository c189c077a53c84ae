import { createHash } from 'node:crypto';
import type { PhysicalLocation, Region } from 'sarif';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import { encodePath } from './escape.ts';
import { isFilePlace, isPresent } from './findings.ts';
import { declarationOf, type Inventory, identityOf } from './inventory.ts';
import { hashLines } from './line-hash.ts';

/** The place that code scanning shows a finding at, and the hash that it knows the alert by. */
export interface Anchor {
  readonly finding: Finding;
  readonly part: 'head' | 'history';
  /** Relative and percent-encoded. */
  readonly uri: string;
  readonly region: Region;
  /** `primaryLocationLineHash`. */
  readonly lineHash: string;
  /** Alerts that agree in rule and this text are one alert for code scanning. */
  readonly mergeKey: string;
  readonly place?: Location;
}

/** A file's lines, read and hashed once. */
export interface FileLines {
  readonly hashes: readonly string[];
  readonly firstLineLength: number;
}

export interface FileReader {
  /** False: no file can be read at all, so nothing can be said about which files are left. */
  readonly able: boolean;
  read(path: string): FileLines | undefined;
}

/** Caches one render's files. */
export function makeFileReader(readFile: ((path: string) => string | undefined) | undefined): FileReader {
  const cache = new Map<string, FileLines | undefined>();
  const load = (path: string): FileLines | undefined => {
    const text = readFile?.(path);
    if (text === undefined) return undefined;
    return { hashes: hashLines(text), firstLineLength: /^[^\r\n]*/.exec(text)?.[0].length ?? 0 };
  };
  return {
    able: readFile !== undefined,
    read(path) {
      if (!cache.has(path)) cache.set(path, load(path));
      return cache.get(path);
    },
  };
}

/**
 * Where a finding is anchored: a file of the current tree; else a path of the inventory for what has no file; else, for
 * history, the top of the file that still has the path. Undefined: only in history, and the path is gone.
 */
export function anchorFinding(inventory: Inventory, finding: Finding, reader: FileReader): Anchor | undefined {
  const present = finding.locations.filter((place) => isPresent(place));
  const files = present.filter(isFilePlace);
  const file = files.find((place) => reader.read(place.path) !== undefined) ?? files[0];
  if (file !== undefined) return anchorAtFile(finding, file, reader);
  const [text] = present;
  if (text !== undefined) return anchorAside(finding, `text/${text.collector}/${finding.id}`, text);
  if (finding.locations.length > 0) return anchorInHistory(finding, reader);
  return anchorAtIdentity(inventory, finding, reader);
}

function anchorAtFile(finding: Finding, place: Location, reader: FileReader): Anchor {
  const uri = encodePath(place.path);
  const known = reader.read(place.path)?.hashes[place.startLine - 1];
  const lineHash = known ?? ownHash(finding);
  return { finding, part: 'head', uri, region: regionOf(place), lineHash, mergeKey: `${uri}\n${lineHash}`, place };
}

/** A place that the file tree does not have: alerts there have a stable name and no source to show. */
function anchorAside(finding: Finding, path: string, place?: Location): Anchor {
  const uri = encodePath(`.bowerbird/${path}`);
  const lineHash = ownHash(finding);
  const where = place === undefined ? {} : { place };
  return { finding, part: 'head', uri, region: topRegion(1), lineHash, mergeKey: `${uri}\n${lineHash}`, ...where };
}

function anchorInHistory(finding: Finding, reader: FileReader): Anchor | undefined {
  const places = finding.locations.filter(isFilePlace);
  const place = reader.able ? places.find((one) => reader.read(one.path) !== undefined) : places[0];
  if (place === undefined) return undefined;
  const uri = encodePath(place.path);
  const lineHash = ownHash(finding);
  const region = topRegion(reader.read(place.path)?.firstLineLength ?? 1);
  return { finding, part: 'history', uri, region, lineHash, mergeKey: `${uri}\n${lineHash}`, place };
}

function anchorAtIdentity(inventory: Inventory, finding: Finding, reader: FileReader): Anchor {
  const identity = identityOf(inventory, finding);
  const declared = identity === undefined ? undefined : declarationOf(identity);
  if (declared !== undefined && isPresent(declared)) return { ...anchorAtFile(finding, declared, reader) };
  const type = identity?.type ?? 'identity';
  const name = (finding.identityId ?? finding.id).replace(/[\\/]/g, '-');
  return anchorAside(finding, `inventory/${type}/${name}`);
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

function topRegion(length: number): Region {
  return { startLine: 1, startColumn: 1, endLine: 1, endColumn: Math.max(1, length) + 1 };
}

/** A physical location relative to the repository's root. */
export function physicalLocation(uri: string, region: Region): PhysicalLocation {
  return { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region };
}

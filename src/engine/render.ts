import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import type { RenderOptions, Reporter } from '../reporters/contract.ts';
import { reporters } from '../reporters/index.generated.ts';

/** Files larger than this get no line hash: code scanning would not show them either. Bytes. */
const HASHED_FILE = 16 * 1024 * 1024;

/** The reporter of a format. Throws `UsageError` that lists the formats. */
export function findReporter(id: string): Reporter {
  const reporter = reporters.find((one) => one.id === id);
  if (reporter !== undefined) return reporter;
  throw new UsageError(`Unknown report format "${id}". Known: ${reporters.map((one) => one.id).join(', ')}.`);
}

/** Renders a report; `root` is where the scanned paths begin, for hashes of lines. */
export function renderReport(
  report: Report,
  id: string,
  options: Omit<RenderOptions, 'readFile'>,
  root: string,
): string {
  return findReporter(id).render(report, { ...options, readFile: (path) => readBelow(root, path) });
}

function readBelow(root: string, path: string): string | undefined {
  const relative = normalize(path);
  if (relative.startsWith('..') || relative.startsWith('/')) return undefined;
  try {
    const bytes = readFileSync(join(root, relative));
    return bytes.length > HASHED_FILE ? undefined : bytes.toString('utf8');
  } catch {
    // A finding of the index, a history or an API has no file on disk.
    return undefined;
  }
}

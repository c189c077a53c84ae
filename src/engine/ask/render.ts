import { readBelow } from '../../lib/files/tree-file.ts';
import { joinBatches } from '../../lib/text/batches.ts';
import { ProviderError, UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import type { Put, RenderOptions, Reporter } from '../../reporters/contract.ts';
import { reporterLoaders } from '../../reporters/loaders.generated.ts';

/** Files larger than this get no line hash: code scanning would not show them either. Bytes. */
const HASHED_FILE = 16 * 1024 * 1024;

/** Characters that are written at once. */
const BATCH = 64 * 1024;

/** How a report looks where nobody says otherwise: nothing that a file or another program could not take. */
const PLAIN = { color: false, width: 80, showSecrets: false, verbose: false };

/** Whether there is such a format. Loads nothing. */
export function isFormat(id: string): boolean {
  return reporterLoaders.has(id);
}

/** Throws `UsageError` that lists the formats where there is no such one. Loads nothing. */
function checkFormat(id: string): void {
  if (!isFormat(id)) {
    throw new UsageError(`Unknown report format "${id}". Known: ${[...reporterLoaders.keys()].join(', ')}.`);
  }
}

/** The reporter of a format, loaded when it is asked for: a run uses one or two of them. Throws as `checkFormat`. */
export async function loadReporter(id: string): Promise<Reporter> {
  checkFormat(id);
  const module = await reporterLoaders.get(id)?.();
  if (module === undefined) throw new Error(`no reporter ${id}`);
  return module.default;
}

/**
 * Renders a report in a format by its id. `root` is where the scanned paths begin, for hashes of lines.
 * Throws `UsageError` that lists the formats where there is no such one, and `ProviderError` for one that fails.
 */
export async function renderReport(
  report: Report,
  id: string,
  options: Partial<Omit<RenderOptions, 'readFile'>> = {},
  root = '.',
): Promise<string> {
  return renderWith(await loadReporter(id), report, { ...PLAIN, ...options }, root);
}

/**
 * Renders a report; `root` is where the scanned paths begin, for hashes of lines. Throws `ProviderError` for a format
 * that fails: the other reports of the run are written all the same.
 */
export function renderWith(
  reporter: Reporter,
  report: Report,
  options: Omit<RenderOptions, 'readFile'>,
  root: string,
): string {
  const pieces: string[] = [];
  writeWith(reporter, report, options, root, (piece) => void pieces.push(piece));
  return pieces.join('');
}

/** As `renderWith`, in pieces of some size. Throws what `put` throws, too. */
export function writeWith(
  reporter: Reporter,
  report: Report,
  options: Omit<RenderOptions, 'readFile'>,
  root: string,
  put: Put,
): void {
  const look = lookOf(options, root);
  const batch = new Batch(put);
  try {
    reporter.write(report, look, (piece) => batch.add(piece));
  } catch (error) {
    throw batch.failure?.error ?? brokenFormat(reporter.id, error);
  }
  batch.flush();
}

/**
 * As `writeWith`, for a reader that may be slow: no further piece is made before the promise of `put` is fulfilled. A
 * format without `pieces` is written without a pause.
 */
export async function writeInTurn(
  reporter: Reporter,
  report: Report,
  options: Omit<RenderOptions, 'readFile'>,
  root: string,
  put: (piece: string) => Promise<void> | undefined,
): Promise<void> {
  if (reporter.pieces === undefined) {
    writeWith(reporter, report, options, root, (piece) => void put(piece));
    return;
  }
  const made = joinBatches(reporter.pieces(report, lookOf(options, root)), BATCH);
  for (let next = nextOf(reporter.id, made); next.done !== true; next = nextOf(reporter.id, made)) {
    const waiting = put(next.value);
    if (waiting !== undefined) await waiting;
  }
}

function nextOf(id: string, pieces: Iterator<string>): IteratorResult<string> {
  try {
    return pieces.next();
  } catch (error) {
    throw brokenFormat(id, error);
  }
}

function lookOf(options: Omit<RenderOptions, 'readFile'>, root: string): RenderOptions {
  const { color, showSecrets, verbose } = options;
  return {
    color,
    showSecrets,
    verbose,
    get width() {
      return options.width;
    },
    readFile: (path) => readText(root, path),
  };
}

/** Joins pieces until it is worth to write them. */
class Batch {
  readonly #put: Put;
  #pieces: string[] = [];
  #length = 0;
  /** What the writing of an earlier batch threw. */
  failure: { readonly error: unknown } | undefined;

  constructor(put: Put) {
    this.#put = put;
  }

  add(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length >= BATCH) this.flush();
  }

  flush(): void {
    if (this.#length === 0) return;
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    try {
      this.#put(text);
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}

/** Holds no text of the error, which may quote what is reported. */
function brokenFormat(id: string, error: unknown): ProviderError {
  const name = error instanceof Error ? error.name : typeof error;
  return new ProviderError(
    `The report format "${id}" failed (${name}); this is a bug, please report it. Ask for another format meanwhile.`,
  );
}

/** A finding of the index, a history or an API has no file on disk. */
function readText(root: string, path: string): string | undefined {
  const read = readBelow(root, path, HASHED_FILE);
  return read.state === 'read' ? read.bytes.toString('utf8') : undefined;
}

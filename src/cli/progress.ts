import type { Progress } from '../engine/plan/contract.ts';
import type { CliIo } from './io.ts';

/** ms between two lines. */
const EVERY = 100;
/** ms until the first line. Most scans end before that. */
const FIRST_AFTER = 500;
/** ms at the start of a phase without a rate or without an estimate of the time left. The beginning is not typical. */
const RATE_AFTER = 2_000;
const GUESS_AFTER = 5_000;
/** Smallest share from which the time left is estimated. */
const GUESS_FROM = 0.02;
/** With fewer things than this, a share says nothing. */
const FEW = 20;
const LONGEST_GUESS = 24 * 60 * 60;

/** One line on standard error of a terminal, at most ten times a second, only for work that takes a while. */
export interface ProgressLine {
  update(progress: Progress): void;
  clear(): void;
}

/** Where a phase of a target began. Times in ms. */
export interface PhaseStart {
  readonly time: number;
  readonly progress: Progress;
}

/** Returns a progress line, or one that does nothing where nobody watches. */
export function createProgressLine(io: CliIo, wanted: boolean): ProgressLine {
  if (!wanted || !io.stderrIsTerminal || (io.env['CI'] ?? '') !== '') return { update: () => {}, clear: () => {} };
  const start = io.now().getTime();
  let drawn = start;
  let shown = false;
  let phase: PhaseStart | undefined;
  let latest: Progress | undefined;
  const draw = (): void => {
    const now = io.now().getTime();
    if (latest === undefined || phase === undefined || now - start < FIRST_AFTER || now - drawn < EVERY) return;
    drawn = now;
    shown = true;
    io.stderr(`\r\u001b[K${formatProgress(latest, phase, now).slice(0, io.width - 1)}`);
  };
  // A timer draws the line, because nothing else happens while objects are listed.
  const stop = io.every?.(EVERY, draw);
  return {
    update(progress) {
      latest = progress;
      if (phase === undefined || isOther(phase.progress, progress)) phase = { time: io.now().getTime(), progress };
      draw();
    },
    clear() {
      stop?.();
      if (shown) io.stderr('\r\u001b[K');
    },
  };
}

function isOther(before: Progress, now: Progress): boolean {
  return before.phase !== now.phase || before.target !== now.target;
}

/**
 * Formats the line: what is done, which share of it, how fast, and how long it still takes. Each part only where it
 * means something.
 */
export function formatProgress(progress: Progress, start: PhaseStart, now: number): string {
  const { phase, target, matches } = progress;
  const elapsed = now - start.time;
  if (phase === 'listing') return `Listing ${target}  ${seconds(elapsed)}`;
  if (phase === 'joining') return `Joining ${countOf(matches, 'match', 'matches')}  ${seconds(elapsed)}`;
  if (phase === 'verifying') return `Asking providers  ${progress.scanned} of ${progress.planned}  ${seconds(elapsed)}`;
  const parts = [`Reading ${target}`, describeShare(progress), describeBytes(progress, start, elapsed)];
  const guess = guessLeft(progress, start, elapsed);
  return [...parts, countOf(matches, 'match', 'matches'), guess].filter((part) => part !== '').join('  ');
}

function describeShare({ planned, scanned }: Progress): string {
  if (planned < FEW) return `${scanned} of ${Math.max(planned, scanned)}`;
  const share = Math.min(1, scanned / planned);
  return `${Math.floor(share * 100)}%  ${scanned} of ${planned}`;
}

/** Formats how much was read, and after two seconds also how fast. */
function describeBytes({ bytes }: Progress, start: PhaseStart, elapsed: number): string {
  if (bytes === 0) return '';
  const rate = ((bytes - start.progress.bytes) / elapsed) * 1000;
  return elapsed < RATE_AFTER || rate < 1 ? formatSize(bytes) : `${formatSize(bytes)}, ${formatSize(rate)}/s`;
}

function guessLeft(progress: Progress, start: PhaseStart, elapsed: number): string {
  const all = progress.planned - start.progress.scanned;
  const done = progress.scanned - start.progress.scanned;
  if (elapsed < GUESS_AFTER || progress.planned < FEW || done < all * GUESS_FROM || done >= all) return '';
  const secondsLeft = Math.ceil(((elapsed / 1000) * (all - done)) / done);
  if (secondsLeft > LONGEST_GUESS) return '';
  return secondsLeft < 100 ? `about ${secondsLeft} s left` : `about ${Math.ceil(secondsLeft / 60)} min left`;
}

function formatSize(bytes: number): string {
  const kibibytes = bytes / 1024;
  if (kibibytes < 10) return `${Math.ceil(bytes)} B`;
  return kibibytes < 10_000 ? `${kibibytes.toFixed(0)} kB` : `${(kibibytes / 1024).toFixed(0)} MB`;
}

function seconds(elapsed: number): string {
  return `${Math.floor(elapsed / 1000)} s`;
}

function countOf(count: number, singular: string, several: string): string {
  return `${count} ${count === 1 ? singular : several}`;
}

import type { Progress } from '../engine/plan/contract.ts';
import type { CliIo } from './io.ts';

const EVERY = 100;
const FIRST_AFTER = 500;

/** One line on a terminal's standard error, at most ten times a second, only for work that takes a while. */
export interface ProgressLine {
  update(progress: Progress): void;
  clear(): void;
}

/** A progress line, or one that does nothing where nobody watches. */
export function createProgressLine(io: CliIo, wanted: boolean): ProgressLine {
  if (!wanted || !io.stderrIsTerminal || (io.env['CI'] ?? '') !== '') return { update: () => {}, clear: () => {} };
  const start = io.now().getTime();
  let last = start;
  let shown = false;
  return {
    update(progress) {
      const now = io.now().getTime();
      if (now - start < FIRST_AFTER || now - last < EVERY) return;
      last = now;
      shown = true;
      io.stderr(`\r\u001b[K${formatProgress(progress, now - start).slice(0, io.width - 1)}`);
    },
    clear() {
      if (shown) io.stderr('\r\u001b[K');
    },
  };
}

/** Text of the line: share, counts, rate and time left. `elapsed` in ms. */
export function formatProgress(progress: Progress, elapsed: number): string {
  const { planned, scanned, bytes, matches, target } = progress;
  const seconds = Math.max(elapsed / 1000, 0.001);
  const share = planned === 0 ? 0 : Math.min(1, scanned / planned);
  const left = share > 0.01 && share < 1 ? `, ${Math.ceil(seconds / share - seconds)} s left` : '';
  const percent = planned === 0 ? '' : `${Math.floor(share * 100)}% `;
  return `${target}  ${percent}${scanned}/${planned}  ${formatRate(bytes / seconds)}  ${matches} matches${left}`;
}

/** Of a history only what changed counts, which can be little. */
function formatRate(bytesPerSecond: number): string {
  const kibibytes = bytesPerSecond / 1024;
  return kibibytes < 10_000 ? `${kibibytes.toFixed(0)} kB/s` : `${(kibibytes / 1024).toFixed(0)} MB/s`;
}

const RUN_LEAST = 4;
const RUN_SHORT = 3;

/** Shannon entropy of the characters, in bits per character. */
export function shannonEntropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Length of the longest run of one character. */
export function longestRepeat(text: string): number {
  let longest = 0;
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    run = index > 0 && text[index] === text[index - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

export interface Sequences {
  /** Characters of the longest run such as `abcdef` or `987654`. */
  readonly longest: number;
  /** Characters in runs of four or more. */
  readonly covered: number;
}

/** Runs of characters that follow each other in the alphabet or in the digits, upwards or downwards. */
export function findSequences(text: string): Sequences {
  let longest = 0;
  let covered = 0;
  let start = 0;
  for (let index = 1; index <= text.length; index++) {
    if (index < text.length && continuesRun(text, start, index)) continue;
    const length = index - start;
    longest = Math.max(longest, length);
    if (length >= RUN_LEAST) covered += length;
    start = length > 1 && index < text.length && stepAt(text, index) !== 0 ? index - 1 : index;
  }
  return { longest, covered };
}

/** True where a text is nothing but three runs or more of at least three characters, as `abc123xyz456` is. */
export function isAllRuns(text: string): boolean {
  let [start, runs] = [0, 0];
  for (let index = 1; index <= text.length; index++) {
    if (index < text.length && continuesRun(text, start, index)) continue;
    if (index - start < RUN_SHORT) return false;
    start = index;
    runs += 1;
  }
  return runs >= RUN_SHORT;
}

function continuesRun(text: string, start: number, index: number): boolean {
  const step = stepAt(text, index);
  return step !== 0 && (index - start === 1 || step === stepAt(text, index - 1));
}

function stepAt(text: string, index: number): number {
  const step = text.charCodeAt(index) - text.charCodeAt(index - 1);
  if (step === 1 || step === -1) return step;
  return text[index] === '0' && text[index - 1] === '9' ? 1 : 0;
}

/** True where a short unit is repeated at least three times and fills the text, as in `abcabcabc`. */
export function isPeriodic(text: string): boolean {
  const longestPeriod = Math.min(16, Math.floor(text.length / 3));
  for (let period = 1; period <= longestPeriod; period++) {
    if (text.slice(period) === text.slice(0, -period)) return true;
  }
  return false;
}

import { type CheckOutcome, defineCheck } from '../contract.ts';
import { type AssignedBy, readAssignedBy, readAssignedName } from '../shared/assigned-name.ts';
import { readText } from '../shared/options.ts';
import { shannonEntropy } from '../shared/shape.ts';
import { splitWords, wordShare } from '../shared/words.ts';

const MACHINE_LEAST = 8;
const PASSWORD_LEAST = 6;
const WORDY = 0.8;
const WORDY_NAME = 0.6;
/** Files of translations and texts of a user interface. */
const TEXTS = /(?:^|[/._-])(?:i18n|l10n|locales?|lang|languages?|translations?|messages|strings|nls)(?:[/._-]|$)/i;
/** `clusters can be identified by 'server'`: in SQL a user stands before it. */
const SENTENCE =
  /\b(?:is|are|was|were|be|been|being|not|and|or|also|uniquely)[ \t]{1,4}identified[ \t]{1,4}by[ \t]{0,4}["']$/i;
const STRONG_LEAST = 16;
const STRONG_HEX = 32;
/** Entropy grows with the logarithm of the length up to here; longer values are held to this. */
const ENTROPY_LENGTH = 48;

/** Tells drawn values from words and counters. Passwords may be weak, what a service issues is not. */
export default defineCheck({
  id: 'secret-strength',
  title: 'Drawn value or words, by the kind of name; only strong values keep the confidence of the rule',
  applies: 'named',
  options: { kind: '`password` (chosen by a person) or `machine` (issued); default by the name before the value' },
  evaluate({ value, before, path, options }) {
    const kind = readText(options, 'kind', readAssignedName(before)?.kind ?? 'machine');
    if (kind !== 'password') return judgeMachine(value);
    return SENTENCE.test(before) ? drop('stands in a sentence') : judgePassword(value, readAssignedBy(before), path);
  },
});

function judgePassword(value: string, by: AssignedBy, path: string): CheckOutcome {
  if (value.length < PASSWORD_LEAST) return drop(`has only ${value.length} characters`);
  if (!/[A-Za-z]/.test(value)) return drop('has no letters');
  const share = wordShare(value);
  if (by === 'list' && (share >= WORDY || !/[0-9]/.test(value))) return drop('is an element of a list, without digits');
  if (by === 'list' && share >= WORDY_NAME && !/[0-9].*[0-9]/.test(value)) return drop('is a name in a list of names');
  if (share >= WORDY) return judgeWords(value, by, path);
  const isStrong = value.length >= 10 && countKinds(value) >= 3 && relativeEntropy(value) >= 0.85 && share < 0.5;
  return isStrong ? pass('has the variety of a strong password') : lower('is a weak password, or none');
}

/**
 * People choose `monkey` and `Summer2024!`; texts, labels and names are several words, or one that is written large.
 */
function judgeWords(value: string, by: AssignedBy, path: string): CheckOutcome {
  if (TEXTS.test(path)) return drop('is a word in a file of texts');
  const words = splitWords(value);
  if (/[0-9]/.test(value)) {
    return words.length > 2 ? drop('is made of words and a number') : lower('is a word and a number');
  }
  const isOneWord =
    by === 'assignment' &&
    words.length === 1 &&
    /^(?:[a-z]{6,20}[!@#$%&*?.]{0,3}|[A-Za-z]{4,20}[!@#$%&*?]{1,3})$/.test(value);
  return isOneWord ? lower('is one word, as a weak password or a name') : drop('is made of words');
}

function judgeMachine(value: string): CheckOutcome {
  if (value.length < MACHINE_LEAST) return drop(`has only ${value.length} characters`);
  const digits = value.replace(/[^0-9]/g, '').length;
  if (digits === value.length || !/[A-Za-z]/.test(value)) return drop('has no letters');
  const isHex = /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(value);
  if (isHex) return judgeHex(value);
  if (isUuid(value)) return lower('is a UUID, often an identifier');
  if (relativeEntropy(value) < (digits >= value.length / 5 ? 0.68 : 0.78))
    return drop('has little entropy for its length');
  const share = wordShare(value);
  if (digits === 0 && !isDrawnWithoutDigits(value, share)) return drop('has letters without digits, as names have');
  if (share >= 0.7) return drop('is made of words and a number');
  const isStrong = value.length >= STRONG_LEAST && relativeEntropy(value) >= 0.78 && share < 0.5 && digits > 0;
  return isStrong ? pass('has the entropy of a drawn value') : lower('is short or of little variety');
}

function judgeHex(value: string): CheckOutcome {
  if (shannonEntropy(value) < 2.5) return drop('has little entropy for its length');
  const isStrong = value.length >= STRONG_HEX && shannonEntropy(value) >= 3.2;
  return isStrong ? pass('has the entropy of drawn hex') : lower('is short for a hex key');
}

function isDrawnWithoutDigits(value: string, share: number): boolean {
  if (share >= 0.5) return false;
  if (/[^0-9A-Za-z_.:/ -]/.test(value)) return countKinds(value) >= 3;
  return value.length >= STRONG_LEAST && /[a-z]/.test(value) && /[A-Z]/.test(value) && relativeEntropy(value) >= 0.85;
}

/** Shannon entropy as a share of what a drawn value of this length could have: 0 to 1. */
function relativeEntropy(value: string): number {
  return shannonEntropy(value) / Math.log2(Math.min(Math.max(value.length, 2), ENTROPY_LENGTH));
}

function countKinds(value: string): number {
  return [/[0-9]/, /[a-z]/, /[A-Z]/, /[^0-9A-Za-z]/].filter((kind) => kind.test(value)).length;
}

function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

function pass(reason: string): CheckOutcome {
  return { state: 'pass', reason: `The value ${reason}` };
}

function lower(reason: string): CheckOutcome {
  return { state: 'lower', to: 'low-confidence', reason: `The value ${reason}` };
}

function drop(reason: string): CheckOutcome {
  return { state: 'drop', reason: `The value ${reason}` };
}

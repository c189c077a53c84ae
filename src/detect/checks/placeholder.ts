import { type CheckOutcome, defineCheck, type ValueInput } from '../contract.ts';
import { findSampleWord, isOnlySampleWords, isSpokenSample } from '../shared/sample-words.ts';
import { findSequences, isAllRuns, isPeriodic, longestRepeat } from '../shared/shape.ts';

/** Longer values (keys in PEM, tokens with claims) have runs and words by chance, and checks of their own. */
const LONGEST = 300;
const FEW_LEAST = 12;
/** `**SOPS**`, `<token>`, `[hidden]`. */
const MASK = /^\*{2}[^*]{1,40}\*{2}$|^\*+$|^<[^<>]*>$|^\[[^[\]]*\]$/;

/** Values written for a reader, not issued: sample words, repeated characters, runs such as `abcdef`. */
export default defineCheck({
  id: 'placeholder',
  title: 'Sample words, masks, repeats, runs through the alphabet, in what follows the fixed start of the pattern',
  applies: 'always',
  reads: 'value',
  options: {},
  evaluate(input) {
    if (input.value.length > LONGEST) return { state: 'not-applicable' };
    return judgeWhole(input) ?? judgeBody(bodyOf(input)) ?? { state: 'not-applicable' };
  },
});

function judgeWhole({ value, rule }: ValueInput): CheckOutcome | undefined {
  const body = bodyOf({ value, rule });
  if (/^[*.•?_-]+$|\*{4}|\.{4}|…|[xX]{6}|#{4}/.test(body)) return drop('is masked, not a value');
  if (/^<[^<>]{0,200}>$|^\[[^[\]]{0,200}\]$/.test(value)) return drop('stands in brackets for something to fill in');
  if (isOnlySampleWords(body)) return drop('is made of sample words only');
  return undefined;
}

function judgeBody(body: string): CheckOutcome | undefined {
  const word = findSampleWord(body);
  if (word !== undefined) return lower(`holds the sample word "${word}"`);
  if (isSpokenSample(body)) return lower('says itself what it stands for');
  if (isEncodedSample(body)) return lower('is Base64 of sample words');
  if (/[xX]{4}/.test(body)) return lower('is partly masked with x');
  if (hasFewCharacters(body)) return lower('repeats very few characters');
  if (longestRepeat(body) >= Math.max(6, body.length / 4)) return lower('repeats one character');
  if (body.length >= 9 && isPeriodic(body)) return lower('repeats one short unit');
  if (isAllRuns(body)) return lower('runs through the alphabet and the digits in turn');
  const runs = findSequences(body);
  const isRun = runs.longest >= 8 || runs.covered >= Math.max(6, body.length / 2);
  return isRun ? lower('runs through the alphabet or the digits') : undefined;
}

/** `aGVsbG8td29ybGQ=` is `hello-world`. */
function isEncodedSample(body: string): boolean {
  if (body.length % 4 !== 0 || !/^[0-9A-Za-z+/]{8,120}={0,2}$/.test(body)) return false;
  const text = Buffer.from(body, 'base64').toString('latin1').trim();
  return /^[ -~]+$/.test(text) && (MASK.test(text) || isOnlySampleWords(text));
}

function hasFewCharacters(body: string): boolean {
  if (body.length < FEW_LEAST) return false;
  return new Set(body).size <= (body.length >= 20 ? 4 : 3);
}

/** The value without the fixed start that the rule's pattern gives it (`sk_test_` is no sample word). */
function bodyOf({ value, rule }: Pick<ValueInput, 'value' | 'rule'>): string {
  const fixed = /\(\?<secret>((?:[0-9A-Za-z_-]|\\[-./])*)(?![*+?{])/.exec(rule.pattern)?.[1] ?? '';
  const start = fixed.replaceAll('\\', '');
  return start !== '' && value.startsWith(start) ? value.slice(start.length) : value;
}

function drop(reason: string): CheckOutcome {
  return { state: 'drop', reason: `The value ${reason}` };
}

function lower(reason: string): CheckOutcome {
  return { state: 'lower', to: 'placeholder', reason: `The value ${reason}` };
}

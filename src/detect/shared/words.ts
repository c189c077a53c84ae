/** The most frequent letter pairs of English technical prose: 260 of 676, counted over this project's own pages. */
const PAIRS = new Set(
  (
    'ab ac ad ag ai ak al am an ap ar as at au aw ay ba be bi bl bo br bs bu ca cc ce ch ci ck cl co cr cs ct cu ' +
    'cy da dd de di do dr ds du ea eb ec ed ee ef eg eh el em en ep eq er es et ev ew ex ey fa fe ff fi fl fo fr ' +
    'ft fu ga ge gg gh gi gl gn go gr gs gu ha he hi ho hr ht hu ia ib ic id ie if ig il im in io ip ir is it iv ' +
    'ix iz je js ka ke ki kn ks la ld le li ll lo ls lt lu ly ma me mi ml mm mo mp na nc nd ne nf ng ni nk nl nn ' +
    'no np ns nt nu nv oa ob oc od of og oi ok ol om on oo op or os ot ou ov ow pa pe pi pl pm po pp pr ps pt pu ' +
    'qu ra rc rd re rg ri rk rl rm rn ro rp rr rs rt ru rv ry sa sc se sh si sk sl so sp sr ss st su sw ta tc te ' +
    'th ti tl to tp tr ts tt tu ty ub uc ud ue uf ug ui ul um un up ur us ut va ve vi wa we wh wi wn wo ws xa xi ' +
    'xp xt ya yp ys yt ze zi'
  ).split(' '),
);
const WORD_LEAST = 3;

/** Splits at case changes and at everything that is no letter: `getApiKey_2` gives `get`, `Api`, `Key`. */
export function splitWords(text: string): readonly string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '');
}

/** Share (0 to 1) of the letters of a text that stand in plausible words; 0 where it has no letters. */
export function wordShare(text: string): number {
  const words = splitWords(text);
  const letters = words.join('').length;
  return letters === 0 ? 0 : words.filter(isPlausibleWord).join('').length / letters;
}

/** One case throughout or only the first letter upper, at least one vowel, and mostly frequent letter pairs. */
export function isPlausibleWord(word: string): boolean {
  if (word.length < WORD_LEAST || !/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(word) || !/[aeiouy]/i.test(word)) return false;
  if (/[^aeiouy]{5}/i.test(word)) return false;
  const lower = word.toLowerCase();
  let commonPairs = 0;
  for (let index = 1; index < lower.length; index++) if (PAIRS.has(lower.slice(index - 1, index + 1))) commonPairs++;
  return commonPairs / (lower.length - 1) >= (word.length > 4 ? 0.7 : 0.5);
}

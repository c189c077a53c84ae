/**
 * Words that no issued secret holds by chance: five letters and more, so that a random value of 100 characters does not
 * hit them.
 */
const SAMPLE_PARTS: readonly string[] = [
  'example',
  'sample',
  'dummy',
  'placeholder',
  'changeme',
  'change-me',
  'change_me',
  'redacted',
  'replaceme',
  'replace-me',
  'replace_me',
  'replace-with',
  'replace_with',
  'replacewith',
  'insert-your',
  'insert_your',
  'insertyour',
  'your-',
  'your_',
  'yourtoken',
  'yourkey',
  'yourapi',
  'yoursecret',
  'yourpassword',
  'notsecure',
  'not-secure',
  'wrongpass',
  'notreal',
  'notareal',
  'not-real',
  'not_real',
  'not-a-real',
  'not_a_real',
  'fake_',
  'fake-',
  'fakekey',
  'faketoken',
  'fakesecret',
  'somevalue',
  'somenewvalue',
  'somerandom',
  'somestring',
  'somesecret',
  'sometoken',
  'somepassword',
  'mocked',
  'set-me',
  'set_me',
  'goes-here',
  'goes_here',
  'goeshere',
  'tokenhere',
  'keyhere',
  'secrethere',
  '-here',
  '_here',
  'sanitized',
  'foobar',
  'lorem',
  'qwerty',
  'asdfgh',
  // What manuals of one-time passwords show: "Hello!" in base32.
  'jbswy3dpehpk3pxp',
];

const WORDS = new Set(
  (
    'a access account admin an any api app auth bar baz bearer change changeme client code config credential credentials default demo dev dummy empty ' +
    'enter example fake false fill fixme foo foobar generated go goes hello here hidden id in insert invalid key keys login me missing mock my ' +
    'myapp name new no nil none not null of or pass passwd password personal placeholder private project prod production public put pw pwd ' +
    'random real redacted ref removed replace replaced required sample secret secrets service set some something string super test testing ' +
    'that the this to todo token tokens true undefined unknown unset update user username value values variable very whatever with world x xx xxx xxxx your yours'
  ).split(' '),
);

/** The sample word that a text holds, in lower case; undefined where it holds none. */
export function findSampleWord(text: string): string | undefined {
  const lower = text.toLowerCase();
  return SAMPLE_PARTS.find((word) => lower.includes(word));
}

/** True where a text is nothing but words such as `your api key here`, `my-token` or `password123`. */
export function isOnlySampleWords(text: string): boolean {
  const words = text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[0-9!]{1,4}$/, '')
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return words.length > 0 && !/[0-9]{3}/.test(text.slice(0, -4)) && words.every((word) => WORDS.has(word));
}

/** Words that speak of the value itself, or to the reader. */
const OWN_WORDS = new Set('key my pass passwd password pw pwd secret token your'.split(' '));
const MOST_JOINED = 4;
const LONGEST_JOINED = 40;

/** True where a text is sample words written together, one of them about itself: `yourpass`, `secretpassword1`. */
export function isJoinedSampleWords(text: string): boolean {
  const letters = /^([a-z]{6,40})[0-9!]{0,4}$/.exec(text.slice(0, LONGEST_JOINED + 5).toLowerCase())?.[1];
  return letters !== undefined && canSplit(letters, MOST_JOINED, false);
}

function canSplit(letters: string, most: number, hasOwn: boolean): boolean {
  if (letters === '') return hasOwn;
  if (most === 0) return false;
  for (let length = letters.length; length >= 2; length--) {
    const word = letters.slice(0, length);
    if (WORDS.has(word) && canSplit(letters.slice(length), most - 1, hasOwn || OWN_WORDS.has(word))) return true;
  }
  return false;
}

/** `my-secure-smtp-password`: words to a reader that end with what the value is. */
const SPEAKS =
  /^(?:an?|choose|create|enter|generate|insert|my|our|put|set|some|super|the|use|very|your)[-_. ](?:[a-z]{1,15}[-_. ]){0,5}(?:credentials?|key|pass|passphrase|passwd|password|pwd|secret|token)[0-9!]{0,4}$/i;

/** True where a text speaks of itself, whatever the words between are. */
export function isSpokenSample(text: string): boolean {
  return text.length <= 100 && SPEAKS.test(text);
}

const EXAMPLE_WORD = /(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist|defaults)(?:[._-]|$)/i;
const EXAMPLE_END = /[._-](?:example|sample|template|tmpl|tpl|dist|defaults)$/i;

/** True for a file that shows what another looks like: `.env.example`, `sample.npmrc`, `settings.template.xml`. */
export function isExample(path: string): boolean {
  return EXAMPLE_WORD.test(path.slice(path.lastIndexOf('/') + 1));
}

/** The path without an ending that says "example", so that `.npmrc.sample` is known as a `.npmrc`. */
export function withoutExampleEnd(path: string): string {
  return path.replace(EXAMPLE_END, '');
}

const TEST_FOLDER =
  /(?:^|\/)(?:tests?|testdata|test[-_]?(?:data|files|fixtures|resources)|__tests__|fixtures?|specs?|mocks?|e2e|examples?|samples?)\//i;

/** True for a file in a folder of tests or examples. */
export function isTestPath(path: string): boolean {
  return TEST_FOLDER.test(path);
}

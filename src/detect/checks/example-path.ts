import { defineCheck } from '../contract.ts';

const FOLDERS =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|mocks?|stubs?|fixtures?|__fixtures__|test-?data|testdata|test_data|e2e|examples?|samples?|demos?|docs?|documentation|snapshots?|__snapshots__|cassettes)\//i;
const FILES =
  /(?:^|\/)(?:readme|changelog|contributing)[^/]{0,40}$|[._-](?:test|tests|spec|mock|example|sample|template|dist|tmpl)(?:\.[A-Za-z0-9]{1,10}){0,2}$|(?:^|\/)test_[^/]{1,100}$|(?:^|\/)(?:example|sample)[._-][^/]{1,100}$/i;

/** Places where values are mostly made up. Never drops: real secrets are pasted into tests and documentation too. */
export default defineCheck({
  id: 'example-path',
  title: 'Tests, fixtures, samples, documentation: lowers confidence, never drops',
  applies: 'always',
  options: {},
  evaluate({ path }) {
    if (!FOLDERS.test(path) && !FILES.test(path)) return { state: 'not-applicable' };
    return {
      state: 'lower',
      to: 'low-confidence',
      reason: 'The path is one of tests, fixtures, samples or documentation',
    };
  },
});

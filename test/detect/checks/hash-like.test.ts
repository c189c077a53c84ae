import { expect, test } from 'vitest';
import hashLike from '../../../src/detect/checks/hash-like.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

test.each([
  ['integrity value', make('sha512-{base64:86}=='), '', {}, 'drop'],
  ['named hex', make('sha256:{hex:64}'), '', {}, 'drop'],
  ['a way to digest', 'sha1:6', 'auth_verbose_passwords = ', {}, 'drop'],
  ['hex after a word for digests', make('{hex:40}'), 'commit: ', {}, 'drop'],
  ['a value of a baseline', make('{hex:40}'), '"hashed_secret": "', {}, 'drop'],
  ['a pinned action', make('{hex:40}'), 'uses: actions/checkout@', {}, 'drop'],
  ['hex after another word', make('{hex:32}'), 'api_key = "', {}, 'not-applicable'],
  ['hex where the rule is strict', make('{hex:32}'), 'api_key = "', { strict: true }, 'drop'],
  ['hex of another length', make('{hex:33}'), 'sha256: ', { strict: true }, 'not-applicable'],
  ['mixed case', make('aB{hex:30}'), 'sha256: ', { strict: true }, 'not-applicable'],
])('%s', (_, value, before, options, state) => {
  expect(stateOf(evaluate(hashLike, value, { before, options }))).toBe(state);
});

import { defineCheck } from '../contract.ts';
import { decodeBase64 } from '../shared/decode.ts';
import { isOnlySampleWords } from '../shared/sample-words.ts';

/** Base64 of `user:password`: the Basic scheme, `auth` of Docker's configuration, `_auth` of npm's. */
export default defineCheck({
  id: 'basic-auth',
  title: 'User and password inside base64',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: ['user'],
  evaluate({ value }) {
    const text = decodeBase64(value)?.toString('utf8') ?? '';
    const form = /^([^:\x00-\x1f\x7f\ufffd]{1,128}):([^\x00-\x1f\x7f\ufffd]{1,4096})$/.exec(text);
    if (form === null) return { state: 'drop', reason: 'The base64 does not hold a user and a password' };
    const [, user = '', password = ''] = form;
    if (isOnlySampleWords(password) || /^[xX*.]{1,64}$/.test(password)) {
      return { state: 'lower', to: 'placeholder', reason: 'The password inside is a sample' };
    }
    return {
      state: 'pass',
      reason: 'The base64 holds a user and a password',
      facts: user.includes('@') ? {} : { user },
    };
  },
});

import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import publicKey from '../../../src/detect/checks/public-key.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

const pem = createPublicKey(make('{pem:ec}')).export({ format: 'pem', type: 'spki' }).toString();
const bare = pem.replace(/-----[A-Z ]+-----|\s/g, '');

test.each([
  ['a public key in PEM form', pem, 'drop'],
  ['the same as bare base64', bare, 'drop'],
  ['the same with escaped line ends', bare.replace(/(.{64})/g, '$1\\n'), 'drop'],
  ['an OpenSSH public key', `ssh-ed25519 ${make('AAAAC3NzaC1lZDI1NTE5AAAAI{base64:43}')} me@host`, 'drop'],
  ['its base64 alone', make('AAAAC3NzaC1lZDI1NTE5AAAAI{base64:43}'), 'drop'],
  ['an age recipient', make('age1{lower-alnum:58}'), 'drop'],
  ['a private key', make('{pem:ec}'), 'not-applicable'],
  ['a private key as bare base64', make('{pem:pkcs8}').replace(/-----[A-Z ]+-----|\s/g, ''), 'not-applicable'],
  ['any base64', make('MII{base64:61}'), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(publicKey, value))).toBe(state);
});

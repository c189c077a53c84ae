import { defined } from '../../lib/fields/defined.ts';
import { type CheckOutcome, defineCheck } from '../contract.ts';
import { type PrivateKeyFacts, readPrivateKey } from '../shared/private-key.ts';

/** Of a longer key rules take the beginning: that alone proves nothing, and refutes nothing. */
const LONG = 10_000;

/** Parses the key: what cannot be parsed is no key, what is encrypted needs a passphrase too. */
export default defineCheck({
  id: 'pem-private-key',
  title: 'PKCS#1, SEC1, PKCS#8, DSA and OpenSSH keys; an encrypted key lowers confidence',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: ['keyType', 'keyBits', 'curve', 'encrypted', 'publicKeyFingerprint', 'sshFingerprint'],
  keys: ['public-key-fingerprint', 'ssh-fingerprint'],
  evaluate({ value }) {
    if (!/-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----/.test(value)) return { state: 'not-applicable' };
    if (value.length >= LONG && !value.includes('-----END ')) return { state: 'not-applicable' };
    const facts = readPrivateKey(value);
    if (facts === undefined)
      return { state: 'lower', to: 'placeholder', reason: 'The text between the lines is no private key' };
    return judge(facts);
  },
});

/** An encrypted key is of use only with its passphrase. */
function judge(read: PrivateKeyFacts): CheckOutcome {
  const facts = { ...read, keys: joinKeys(read) };
  if (!read.encrypted) return { state: 'pass', reason: 'The key parses and is not encrypted', facts };
  return { state: 'lower', to: 'low-confidence', reason: 'The key is encrypted with a passphrase', facts };
}

function joinKeys({ publicKeyFingerprint, sshFingerprint }: PrivateKeyFacts): Readonly<Record<string, string>> {
  return {
    ...defined({ 'public-key-fingerprint': publicKeyFingerprint, 'ssh-fingerprint': sshFingerprint }),
  };
}

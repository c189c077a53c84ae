import verifier from '../../src/verifiers/github.ts';
import { verifierContract } from '../contract/verifier-contract.ts';

const headers = { 'content-type': 'application/json' };

verifierContract(verifier, [
  {
    name: 'its own account',
    response: { status: 200, headers, body: '{"login":"acme-bot","type":"User"}' },
    state: 'active',
  },
  { name: 'a rejection', response: { status: 401, headers, body: '{"message":"Bad credentials"}' }, state: 'inactive' },
  { name: 'another object', response: { status: 200, headers, body: '{"other":1}' }, state: 'unknown' },
]);

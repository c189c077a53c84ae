import verifier from '../../src/verifiers/npm.ts';
import { verifierContract } from '../contract/verifier-contract.ts';

const headers = { 'content-type': 'application/json' };

verifierContract(verifier, [
  { name: 'its own account', response: { status: 200, headers, body: '{"username":"acme-bot"}' }, state: 'active' },
  { name: 'a rejection', response: { status: 401, headers, body: '{}' }, state: 'inactive' },
  { name: 'another object', response: { status: 200, headers, body: '{"other":1}' }, state: 'unknown' },
]);

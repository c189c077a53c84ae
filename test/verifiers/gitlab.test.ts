import verifier from '../../src/verifiers/gitlab.ts';
import { verifierContract } from '../contract/verifier-contract.ts';

const headers = { 'content-type': 'application/json' };

verifierContract(verifier, [
  {
    name: 'its own account',
    response: { status: 200, headers, body: '{"id":7,"name":"ci","active":true}' },
    state: 'active',
  },
  {
    name: 'a rejection',
    response: { status: 401, headers, body: '{"message":"401 Unauthorized"}' },
    state: 'inactive',
  },
  { name: 'another object', response: { status: 200, headers, body: '{"other":1}' }, state: 'unknown' },
]);

import verifier from '../../src/verifiers/openai.ts';
import { verifierContract } from '../contract/verifier-contract.ts';

const headers = { 'content-type': 'application/json' };

verifierContract(verifier, [
  {
    name: 'its own account',
    response: { status: 200, headers, body: '{"id":"user-1","object":"user"}' },
    state: 'active',
  },
  {
    name: 'a rejection',
    response: { status: 401, headers, body: '{"error":{"code":"invalid_api_key"}}' },
    state: 'inactive',
  },
  { name: 'another object', response: { status: 200, headers, body: '{"other":1}' }, state: 'unknown' },
]);

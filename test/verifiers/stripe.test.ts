import verifier from '../../src/verifiers/stripe.ts';
import { verifierContract } from '../contract/verifier-contract.ts';

const headers = { 'content-type': 'application/json' };

verifierContract(verifier, [
  { name: 'its own account', response: { status: 200, headers, body: '{"object":"list","data":[]}' }, state: 'active' },
  {
    name: 'a rejection',
    response: { status: 401, headers, body: '{"error":{"type":"invalid_request_error"}}' },
    state: 'inactive',
  },
  { name: 'another object', response: { status: 200, headers, body: '{"other":1}' }, state: 'unknown' },
]);

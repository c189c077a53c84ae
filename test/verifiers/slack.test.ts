import verifier from '../../src/verifiers/slack.ts';
import { verifierContract } from '../contract/verifier-contract.ts';

const headers = { 'content-type': 'application/json' };

verifierContract(verifier, [
  {
    name: 'its own account',
    response: { status: 200, headers, body: '{"ok":true,"team":"acme","team_id":"T1"}' },
    state: 'active',
  },
  {
    name: 'a rejection',
    response: { status: 200, headers, body: '{"ok":false,"error":"invalid_auth"}' },
    state: 'inactive',
  },
  { name: 'another object', response: { status: 200, headers, body: '{"other":1}' }, state: 'unknown' },
]);

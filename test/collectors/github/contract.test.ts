import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import github from '../../../src/collectors/github/index.ts';
import { type CollectorCase, collectorContract } from '../../contract/collector-contract.ts';
import { FakeGithub, notFound, send } from '../../hosts/fake-github.ts';
import { inLane } from '../../it-rarely.ts';
import { buildAcme } from './acme.ts';
import { contextFor } from './context.ts';

const acme = buildAcme();
const fake = new FakeGithub(acme.answers);

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());
afterEach(() => expect(fake.problems).toEqual([]));

const cases: readonly CollectorCase[] = [
  {
    name: 'one repository, in small pages',
    context: () => {
      fake.pageCap = 1;
      return contextFor(fake);
    },
    address: () => ({ scheme: 'github', value: 'acme/app', text: 'github:acme/app' }),
    secrets: acme.secrets,
    identities: 8,
  },
];

/** Identities and recordings of the organisation have tests of their own. */
const RARE: readonly CollectorCase[] = [
  {
    name: 'a whole organisation',
    context: () => contextFor(fake),
    address: () => ({ scheme: 'github', value: 'acme', text: 'github:acme' }),
    secrets: acme.secrets,
    identities: 25,
    artifacts: 2,
  },
  {
    name: 'everything but the lists is denied',
    context: () => {
      fake.override = (request, response) => {
        if (/^\/orgs\/acme(?:\/repos)?$/.test(request.path)) return false;
        send(response, request.path.includes('hooks') ? 404 : 403, notFound());
        return true;
      };
      return contextFor(fake);
    },
    address: () => ({ scheme: 'github', value: 'acme', text: 'github:acme' }),
    secrets: acme.secrets,
    identities: 3,
  },
];

collectorContract(github, inLane ? [...cases, ...RARE] : cases, {
  skip: [{ reason: 'recording.test.ts does', tests: ['any input'] }],
});

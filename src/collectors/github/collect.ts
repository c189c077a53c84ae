import type { Address } from '../../model/address.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { titleOf } from '../shared/api/endpoint.ts';
import { inOrder } from '../shared/api/in-order.ts';
import { readOne } from '../shared/api/read.ts';
import { createUnit } from '../shared/api/run.ts';
import { collectSession } from '../shared/api/session.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { listRepositories } from './endpoints/organisation.ts';
import { getRepository } from './endpoints/repository.ts';
import { People } from './identify/people.ts';
import { collectOrganisation, type OrganisationFacts } from './organisation.ts';
import type { RepositorySetting } from './reading.ts';
import { collectRepository } from './repository.ts';
import type { Run, Unit } from './run.ts';
import { chooseSample, closeDenied } from './sample.ts';
import type { Repository } from './schema.ts';
import { openSession } from './session.ts';

/** Repositories that are read at the same time. Octokit allows ten requests at once. */
const WIDTH = 6;

/** Reads an organisation or one repository. */
export async function* collectTarget(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const read = (run: Run) => (run.target.repository === undefined ? collectAll(run) : collectOne(run));
  yield* collectSession(context, address, openSession, read);
}

async function* collectAll(run: Run): AsyncGenerator<Collected> {
  const unit = createUnit(run);
  const facts = await collectOrganisation(unit);
  yield* unit.collected;
  if (facts === undefined) return;
  yield* collectRepositories(run, facts);
  yield* describePeople(facts.people);
}

/** Reads a few repositories first. An endpoint that is denied on each of them is not requested for all the others. */
async function* collectRepositories(run: Run, facts: OrganisationFacts): AsyncGenerator<Collected> {
  const { people, secretsKnown, audit } = facts;
  const setting = { people, source: titleOf(listRepositories), sharedKnown: secretsKnown, audit, only: false };
  const { sample, rest } = chooseSample(facts.repositories);
  const units = await Promise.all(sample.map((repository) => collectInto(run, repository, setting)));
  for (const unit of units) yield* unit.collected;
  yield* closeDenied(run, units, rest.length);
  for await (const unit of inOrder(rest, WIDTH, (repository) => collectInto(run, repository, setting)))
    yield* unit.collected;
}

async function collectInto(run: Run, repository: Repository, setting: RepositorySetting): Promise<Unit> {
  const unit = createUnit(run);
  await collectRepository(unit, repository, setting);
  return unit;
}

async function* collectOne(run: Run): AsyncGenerator<Collected> {
  const { owner, repository: repo = '' } = run.target;
  const subject = `${owner}/${repo}`;
  const missing = `GitHub shows no repository "${subject}" to this token: check the name or the token.`;
  const unit = createUnit(run);
  const { entry } = await readOne(unit, getRepository, { owner, repo }, { subject, only: true, missing });
  yield* unit.collected;
  if (entry === undefined) return;
  // The members are unknown: people get names, and nobody counts as gone.
  const people = new People(owner, false);
  // The account of a person has no secrets to share with its repositories.
  const sharedKnown = entry.owner?.type === 'User';
  const setting = { people, source: titleOf(getRepository), sharedKnown, audit: undefined, only: true };
  const read = await collectInto(run, entry, setting);
  yield* read.collected;
  yield* describePeople(people);
}

function* describePeople(people: People): Generator<Collected> {
  const drafts = new Drafts();
  people.describe(drafts);
  yield* drafts.collected();
}

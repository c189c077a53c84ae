import type { ReadOptions } from '../shared/api/read.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import type { AuditFacts } from './identify/audit.ts';
import type { People } from './identify/people.ts';
import type { Unit } from './run.ts';
import type { Repository } from './schema.ts';

/** One organisation while it is read. */
export interface OrganisationReading {
  readonly unit: Unit;
  readonly drafts: Drafts;
  readonly org: string;
  readonly options: ReadOptions;
}

/** The parameters of every endpoint of the organisation. */
export function parametersOf(reading: OrganisationReading): Readonly<Record<string, string>> {
  return { org: reading.org };
}

/** What the organisation has already told about a repository. */
export interface RepositorySetting {
  readonly people: People;
  /** The endpoint that named the repository. */
  readonly source: string;
  /** True if the organisation's secrets and their users are known, so that the repository need not be asked. */
  readonly sharedKnown: boolean;
  /** What the audit log of its organisation says. */
  readonly audit: AuditFacts | undefined;
  /** True: this is the only repository of the run. */
  readonly only: boolean;
}

/** One repository while it is read. */
export interface RepositoryReading {
  readonly unit: Unit;
  readonly drafts: Drafts;
  readonly repository: Repository;
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: ReadOptions;
  readonly setting: RepositorySetting;
}

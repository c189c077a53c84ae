import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { readAgentFile } from './read.ts';
import { addServers } from './servers.ts';

const SCOPE = 'declarations';

/** Reads the configuration files of agents. */
export async function* collectServers(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const agent = await readAgentFile(file);
    if ('reason' in agent) yield { kind: 'gap', scope: SCOPE, gap: agent };
    else addServers(drafts, file, agent);
  }
  yield* drafts.collected();
}

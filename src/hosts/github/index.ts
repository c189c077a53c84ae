import { createGithubClient } from '../../clients/github/client.ts';
import { TOKEN_NAMES } from '../../clients/github/credential.ts';
import { findCredential } from '../../clients/github/find-credential.ts';
import { API_VARIABLE, PUBLIC_API } from '../../clients/github/host.ts';
import { hostsOf, readBaseUrl } from '../../clients/shared/environment.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import { defineHost, type HostContext, type HostGap, type OpenHost } from '../contract.ts';
import { hostGap } from '../shared/gaps.ts';
import { serial } from '../shared/serial.ts';
import { listRepositories } from './list.ts';
import { Session } from './session.ts';
import { readTips } from './tips.ts';

/** A million repositories: who has more has a list that does not end. */
const MOST_PAGES = 10_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/;

/** The repositories of a GitHub organisation (`github:acme`). */
export default defineHost({
  id: 'github',
  title: 'GitHub organisation',
  scheme: 'github',
  hosts: (env) => hostsOf(env, API_VARIABLE, PUBLIC_API),
  open,
});

async function open(context: HostContext, address: Address): Promise<OpenHost | { readonly gap: HostGap }> {
  const owner = address.value;
  if (!NAME.test(owner)) {
    throw new UsageError(`"${address.text}" names no organisation. Write github:<organisation>.`);
  }
  const { network, env, cwd } = context;
  const subject = address.text;
  const nothing = `${subject} was not read`;
  if (network === undefined) {
    return { gap: hostGap('refused', { subject, scope: true, message: `${nothing}: GitHub needs the network.` }) };
  }
  const baseUrl = readBaseUrl(context, API_VARIABLE, PUBLIC_API, 'https://<host>/api/v3');
  const credential = findCredential(context, { env, cwd, network, baseUrl, owner });
  if (credential === undefined) {
    const message = `${nothing}: no token. Set BOWERBIRD_GITHUB_APP_ID and its key, or ${TOKEN_NAMES.join(' or ')}.`;
    return { gap: hostGap('denied', { subject, scope: true, message }) };
  }
  const ask = serial(await createGithubClient(context, { network, baseUrl, credential }));
  const session = new Session({ owner, baseUrl, ask, credential, mostPages: MOST_PAGES });
  return {
    list: (remembered) => listRepositories(session, remembered),
    tips: (repositories) => readTips(session, repositories),
  };
}

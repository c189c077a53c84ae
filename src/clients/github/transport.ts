import type { ClientContext } from '../shared/context.ts';
import { createTransport } from '../shared/live.ts';
import { linkPaging } from '../shared/paging.ts';
import type { Transport } from '../shared/transport.ts';
import { createAsking, said } from './client.ts';
import type { GithubOptions } from './request.ts';

/** Creates a transport for the REST API that uses only the network of the options. */
export async function createLiveTransport(context: ClientContext, options: GithubOptions): Promise<Transport> {
  const asking = await createAsking(context, { ...options, parallel: true });
  return createTransport(context, {
    provider: asking.provider,
    ask: (path) => asking.ask({ method: 'GET', path }),
    limitWait: asking.limitWait,
    spent: asking.spent,
    limitOf: (path) => asking.limitOf({ method: 'GET', path }),
    next: linkPaging(options.baseUrl),
    said,
  });
}
